//! `derive(FromRow)` and `derive(ToRow)`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Field, Fields, Result};

pub(crate) fn fields(input: &DeriveInput) -> Result<Vec<&Field>> {
    match &input.data {
        Data::Struct(data) if matches!(data.fields, Fields::Named(_) | Fields::Unit) => {
            Ok(data.fields.iter().collect())
        }
        _ => Err(Error::new_spanned(&input.ident, "this derive takes a struct with named fields")),
    }
}

pub(crate) fn derive_from_row(input: &DeriveInput) -> Result<TokenStream> {
    let fields = fields(input)?;
    let name = &input.ident;
    let (names, types): (Vec<_>, Vec<_>) = fields.iter().map(|field| (&field.ident, &field.ty)).unzip();
    let places = 0..fields.len();
    Ok(quote! {
        impl ::encargo_sdk::row::FromRow for #name {
            const KINDS: &'static [::encargo_sdk::value::Kind] =
                &[#(<#types as ::encargo_sdk::row::FromCell>::KIND),*];

            fn from_row(row: ::encargo_sdk::row::Row<'_>) -> ::encargo_sdk::error::Result<Self> {
                Ok(Self { #(#names: ::encargo_sdk::row::FromCell::from_cell(&row.batch.columns[#places], row.index)?),* })
            }
        }
    })
}

pub(crate) fn derive_to_row(input: &DeriveInput) -> Result<TokenStream> {
    let fields = fields(input)?;
    let name = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    let (names, types): (Vec<_>, Vec<_>) = fields.iter().map(|field| (&field.ident, &field.ty)).unzip();
    let columns = names.iter().map(|name| name.as_ref().map(ToString::to_string));
    let places = 0..fields.len();
    Ok(quote! {
        impl #impl_generics ::encargo_sdk::writer::ToRow for #name #type_generics #where_clause {
            const COLUMNS: &'static [(&'static str, ::encargo_sdk::value::Kind)] =
                &[#((#columns, <#types as ::encargo_sdk::writer::ToCell>::KIND)),*];

            fn push_to(&self, columns: &mut [::encargo_sdk::batch::ColumnBuilder]) {
                #(::encargo_sdk::writer::ToCell::push_to(&self.#names, &mut columns[#places]);)*
            }
        }
    })
}
