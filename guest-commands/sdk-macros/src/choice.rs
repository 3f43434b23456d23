//! `derive(Choice)`: an enum of words.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Value, json};
use syn::{Data, DeriveInput, Error, Fields, Ident, Result, Variant};

use crate::attributes::{paragraphs, written};

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "this derive takes an enum"));
    };
    let (mut idents, mut words, mut choices) = (Vec::new(), Vec::new(), Vec::new());
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new_spanned(variant, "a choice is a variant without fields"));
        }
        let word = word(variant)?;
        choices.push(choice(&word, variant));
        idents.push(&variant.ident);
        words.push(word);
    }
    let listed = Value::Array(choices).to_string();
    let name = &input.ident;
    Ok(quote! {
        impl ::encargo_sdk::choice::Choice for #name {
            const ALL: &'static [Self] = &[#(Self::#idents),*];
            const WORDS: &'static str = #listed;

            fn word(self) -> &'static str {
                match self { #(Self::#idents => #words),* }
            }
        }

        impl ::encargo_sdk::args::FromArgument for #name {
            fn from_argument(_: &'static str, values: Option<Vec<::encargo_sdk::value::Value>>) -> Option<Self> {
                ::encargo_sdk::choice::of_values(values)
            }
        }
    })
}

/// The word of a variant: `#[choice(name = "..")]`, or its own name in kebab case.
fn word(variant: &Variant) -> Result<String> {
    let mut word = kebab(&variant.ident);
    for attribute in variant.attrs.iter().filter(|attribute| attribute.path().is_ident("choice")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("name") {
                return Err(meta.error("a choice has a name"));
            }
            word = written(&meta)?;
            Ok(())
        })?;
    }
    Ok(word)
}

fn kebab(ident: &Ident) -> String {
    let mut kebab = String::new();
    for c in ident.to_string().chars() {
        if c.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(c.to_ascii_lowercase());
    }
    kebab
}

/// As it stands in a description: the doc comment is the help.
fn choice(word: &str, variant: &Variant) -> Value {
    let help = paragraphs(&variant.attrs).join(" ");
    if help.is_empty() { json!({ "value": word }) } else { json!({ "value": word, "help": { "en": help } }) }
}
