//! The derives of the SDK: arguments with their description, and rows from and to the database.

mod args;
mod arguments;
mod attributes;
mod choice;
mod description;
mod rows;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct the arguments of a command, and puts the command's description into the component.
///
/// The struct's doc comment is the help: its first paragraph is the summary. `#[command(..)]` on the struct takes
/// `scope` (`tenant`, `system`, `either`), `without_tenant` (`all`, `default`), `takes_new_tenant`, `criticality`
/// (`routine`, `critical`), `effect` (`read-only`, `changes`, `destroys`), `changes_with("fix-issues")`
/// (the arguments without which it only reads), `idempotent`,
/// `permissions("read,delete:chats,messages", ..)`, `conflicts("a", "b")`, `requires("a", "b")`,
/// `host_flag(parallel, env = "..", settings = "..")`, `example("line", "what it does")` and `exit(3, "when")`. A field's
/// doc comment is its help; `#[arg(..)]` takes `default`, `min`, `max`, `env`, `settings`, `kind`, `name`,
/// `choices("a", "b")`, `tuning` and `secret`. All of this is English; the Spanish is in `es.toml` beside the crate, which
/// the packer holds complete.
#[proc_macro_derive(Args, attributes(command, arg))]
pub fn args(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    args::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes an enum a choice of words: behind an option, its words and their help come into the description. A variant's
/// word is its name in kebab case or `#[choice(name = "..")]`; its doc comment is the help.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn choice(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    choice::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Reads a struct from a row: its fields are the columns of the SELECT, in order.
#[proc_macro_derive(FromRow)]
pub fn from_row(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    rows::derive_from_row(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Writes a struct as a row: its fields' names are the columns'.
#[proc_macro_derive(ToRow)]
pub fn to_row(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    rows::derive_to_row(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
