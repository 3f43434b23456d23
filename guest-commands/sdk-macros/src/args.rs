//! `derive(Args)`: takes the values, and frames the description for the component.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Result, Type};

use crate::arguments::argument;
use crate::description::description;
use crate::rows::fields;

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let fields = fields(input)?;
    let arguments = fields.iter().map(|field| argument(field)).collect::<Result<Vec<_>>>()?;
    let names: Vec<_> = arguments.iter().map(|argument| argument.name.clone()).collect();
    let (specs, listed): (Vec<_>, Vec<_>) =
        arguments.into_iter().map(|argument| (argument.spec, argument.choices)).unzip();
    let json = description(input, specs)?.to_string();
    let pieces = pieces(&json, &listed.into_iter().flatten().collect::<Vec<_>>());
    let idents = fields.iter().map(|field| &field.ident);
    let command = &input.ident;
    Ok(quote! {
        impl ::encargo_sdk::args::Args for #command {
            const DESCRIPTION: &'static str = {
                const PIECES: &[&str] = &[#(#pieces),*];
                const JSON: [u8; ::encargo_sdk::description::length(PIECES)] = ::encargo_sdk::description::joined(PIECES);
                ::encargo_sdk::description::text(&JSON)
            };

            fn from_arguments(arguments: &mut ::encargo_sdk::args::Arguments) -> ::encargo_sdk::error::Result<Self> {
                Ok(Self { #(#idents: arguments.take(#names)?),* })
            }
        }

        ::encargo_sdk::section!("encargo:command", <#command as ::encargo_sdk::args::Args>::DESCRIPTION);
    })
}

/// What stands in the JSON where the words of a choice come: no text that a description may hold.
pub(crate) const PLACE: &str = "\u{0}choices\u{0}";

/// The JSON in pieces, with the words of each type of choices where its place is.
fn pieces(json: &str, types: &[Type]) -> Vec<TokenStream> {
    let place = serde_json::Value::from(PLACE).to_string();
    let listed = types.iter().map(|choices| {
        let listed = quote! { <#choices as ::encargo_sdk::choice::Listed> };
        vec![quote! { "[" }, quote! { #listed::LISTED }, quote! { #listed::MORE }, quote! { "]" }]
    });
    let parts = json.split(&place).map(|part| quote! { #part });
    parts.zip(listed.chain([Vec::new()])).flat_map(|(part, listed)| [vec![part], listed].concat()).collect()
}
