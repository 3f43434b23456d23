//! Reading attributes: doc comments, and `key = value` and `key("..", ..)` inside `#[command]` and `#[arg]`.

use syn::meta::ParseNestedMeta;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, ExprUnary, Lit, LitStr, Meta, Result, Token, UnOp};

/// The doc comment's paragraphs, lines joined.
pub(crate) fn paragraphs(attributes: &[Attribute]) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        let Meta::NameValue(pair) = &attribute.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value else { continue };
        let line = line.value();
        match (line.trim(), paragraphs.last_mut()) {
            ("", _) => paragraphs.push(String::new()),
            (line, Some(last)) if last.is_empty() => last.push_str(line),
            (line, Some(last)) => {
                last.push(' ');
                last.push_str(line);
            }
            (_, None) => {}
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// The written form of the literal behind `=`: a text without its quotes, a number as it is.
pub(crate) fn written(meta: &ParseNestedMeta<'_>) -> Result<String> {
    let value: Expr = meta.value()?.parse()?;
    written_expression(&value)
}

fn written_expression(value: &Expr) -> Result<String> {
    match value {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => Ok(text.value()),
            Lit::Int(number) => Ok(number.base10_digits().to_owned()),
            Lit::Float(number) => Ok(number.base10_digits().to_owned()),
            Lit::Bool(flag) => Ok(flag.value.to_string()),
            other => Err(syn::Error::new_spanned(other, "a text, a number, true or false")),
        },
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => Ok(format!("-{}", written_expression(expr)?)),
        other => Err(syn::Error::new_spanned(other, "a literal")),
    }
}

/// Whether a switch is on: `key` alone or `key = true`.
pub(crate) fn switch(meta: &ParseNestedMeta<'_>) -> Result<bool> {
    if meta.input.peek(Token![=]) { Ok(written(meta)? == "true") } else { Ok(true) }
}

/// The texts in `key("a", "b")`.
pub(crate) fn texts(meta: &ParseNestedMeta<'_>) -> Result<Vec<String>> {
    let content;
    syn::parenthesized!(content in meta.input);
    let texts = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
    Ok(texts.iter().map(LitStr::value).collect())
}

/// The two literals in `key(first, second)`.
pub(crate) fn two(meta: &ParseNestedMeta<'_>) -> Result<[String; 2]> {
    let content;
    syn::parenthesized!(content in meta.input);
    let first = written_expression(&content.parse()?)?;
    content.parse::<Token![,]>()?;
    let second = written_expression(&content.parse()?)?;
    if !content.is_empty() {
        content.parse::<Token![,]>()?;
    }
    Ok([first, second])
}

/// What stands in `key(first, name = "..", ..)`: the first word or literal, then the pairs.
pub(crate) fn first_and_pairs(meta: &ParseNestedMeta<'_>) -> Result<(String, Vec<(String, String)>)> {
    let content;
    syn::parenthesized!(content in meta.input);
    let first = if content.peek(syn::Ident) {
        content.parse::<syn::Ident>()?.to_string()
    } else {
        written_expression(&content.parse()?)?
    };
    let mut pairs = Vec::new();
    while !content.is_empty() {
        content.parse::<Token![,]>()?;
        if !content.is_empty() {
            pairs.push(pair(&content)?);
        }
    }
    Ok((first, pairs))
}

fn pair(content: ParseStream<'_>) -> Result<(String, String)> {
    let name: syn::Ident = content.parse()?;
    content.parse::<Token![=]>()?;
    Ok((name.to_string(), written_expression(&content.parse()?)?))
}
