//! `derive(Args)`: takes the values, and frames the description for the component.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Result};

use crate::arguments::argument;
use crate::description::description;
use crate::rows::fields;

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let fields = fields(input)?;
    let arguments = fields.iter().map(|field| argument(field)).collect::<Result<Vec<_>>>()?;
    let names: Vec<_> = arguments.iter().map(|argument| argument.name.clone()).collect();
    let specs = arguments.into_iter().map(|argument| argument.spec).collect();
    let json = description(input, specs)?.to_string();
    let frame = proc_macro2::Literal::byte_string(&frame(&json));
    let length = frame_length(&json);
    let idents = fields.iter().map(|field| &field.ident);
    let command = &input.ident;
    Ok(quote! {
        impl ::encargo_sdk::args::Args for #command {
            const DESCRIPTION: &'static str = #json;

            fn from_arguments(arguments: &mut ::encargo_sdk::args::Arguments) -> ::encargo_sdk::error::Result<Self> {
                Ok(Self { #(#idents: arguments.take(#names)?),* })
            }
        }

        // The section survives linking inside the nested core module; the packer lifts it to the component.
        // Not an expectation: in a command's crate the lint may be on or off.
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        const _: () = {
            #[used]
            #[unsafe(link_section = "encargo:command")]
            static FRAGMENT: [u8; #length] = *#frame;
        };
    })
}

/// `ENCARGO1`, the length in four bytes (least significant first), the text: two fragments in one section show.
fn frame(json: &str) -> Vec<u8> {
    let length = u32::try_from(json.len()).unwrap_or(u32::MAX);
    [b"ENCARGO1".as_slice(), &length.to_le_bytes(), json.as_bytes()].concat()
}

fn frame_length(json: &str) -> usize {
    12 + json.len()
}
