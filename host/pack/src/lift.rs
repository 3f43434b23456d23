//! Brings a description from a component's modules to its top level.

use std::borrow::Cow;
use std::io::Cursor;

use encargo_model::Description;
use wasm_encoder::{ComponentSection, CustomSection};

use crate::wording::{texts, texts_mut};
use crate::{PackError, SECTION, Spanish, fragment, nested, read, top, validate};

/// The component with its description in one section at its top level; a component that is so already comes back as it
/// is. Of components whose language cannot write the section, the description's JSON lies beside them; Spanish texts may.
///
/// # Errors
/// Not a component, no description or more than one in it, another than the one beside it, one that is not acceptable
/// or whose places are not exactly those of the Spanish texts.
pub fn lift(component: &[u8], beside: Option<&[u8]>, spanish: Option<Spanish>) -> Result<Vec<u8>, PackError> {
    let at_top = top::sections(Cursor::new(component))?;
    let mut frames = Vec::new();
    for section in nested::sections(component, SECTION)? {
        frames.extend(fragment::frames(section)?);
    }
    let nested = match frames.as_slice() {
        [] => None,
        [json] => Some(read::parse(json)?),
        several => return Err(PackError::Several(several.len())),
    };
    let top = match at_top.as_slice() {
        [] => None,
        [only] => Some(read::parse(&only.json)?),
        several => return Err(PackError::Several(several.len())),
    };
    let beside = beside.map(read::parse).transpose()?;
    let mut description = match (&top, nested) {
        (Some(top), Some(nested)) if with_spanish_of(top, nested.clone()) != *top => return Err(PackError::Differs),
        (Some(top), _) => top.clone(),
        (None, Some(nested)) => nested,
        (None, None) => beside.clone().ok_or(PackError::Missing)?,
    };
    if beside.is_some_and(|beside| with_spanish_of(&description, beside) != description) {
        return Err(PackError::DiffersBeside);
    }
    if let Some(spanish) = spanish {
        spanish.merge(&mut description)?;
        validate(&description).map_err(PackError::Invalid)?;
    }
    let mut lifted = component.to_vec();
    if top.as_ref() != Some(&description) {
        for section in at_top {
            lifted.drain(section.range);
        }
        let json = serde_json::to_vec(&description)?;
        CustomSection { name: SECTION.into(), data: Cow::Owned(json) }.append_to_component(&mut lifted);
    }
    Ok(lifted)
}

/// A description as it was lifted: its texts without Spanish may have got theirs there.
fn with_spanish_of(top: &Description, mut description: Description) -> Description {
    for ((_, text), (_, lifted)) in texts_mut(&mut description).into_iter().zip(texts(top)) {
        text.es = text.es.take().or_else(|| lifted.es.clone());
    }
    description
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wasm_encoder::{Component, Module, ModuleSection, NestedComponentSection};

    use super::*;
    use crate::{FRAME, describe};

    const PLAIN: &str = r#"{"schema":1,"name":"hello","version":"1.0","summary":{"en":"Greet."},"scope":"tenant","effect":"read-only","idempotent":true}"#;

    fn custom(data: &[u8]) -> CustomSection<'_> {
        CustomSection { name: SECTION.into(), data: data.into() }
    }

    fn frame(json: &str) -> Vec<u8> {
        [&FRAME[..], &u32::try_from(json.len()).unwrap().to_le_bytes(), json.as_bytes()].concat()
    }

    fn module(section: &[u8]) -> Module {
        let mut module = Module::new();
        module.section(&custom(section));
        module
    }

    fn component(nested: &[&[u8]], top: &[&str]) -> Vec<u8> {
        let mut component = Component::new();
        for section in nested {
            component.section(&ModuleSection(&module(section)));
        }
        for json in top {
            component.section(&custom(json.as_bytes()));
        }
        component.finish()
    }

    fn refusal<T: std::fmt::Debug>(result: Result<T, PackError>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn a_lifted_component_is_described_and_lifting_it_again_changes_nothing() {
        let built = component(&[&frame(PLAIN)], &[]);
        assert!(refusal(describe(&built)).contains("`encargo-pack IN.wasm OUT.wasm` lifts it there"));
        let lifted = lift(&built, None, None).unwrap();
        assert_eq!(describe(&lifted).unwrap().name, "hello");
        assert_eq!(lifted[..built.len()], built);
        assert_eq!(lift(&lifted, None, None).unwrap(), lifted);
    }

    #[test]
    fn spanish_texts_come_with_the_lifting_or_after_it_and_stay() {
        let spanish = |text: &str| Some(Spanish::parse(&format!("summary = \"{text}\"")).unwrap());
        let built = component(&[&frame(PLAIN)], &[]);
        let lifted = lift(&built, None, spanish("Saluda.")).unwrap();
        assert_eq!(describe(&lifted).unwrap().summary, encargo_model::text!("Greet.", "Saluda."));
        assert_eq!(lift(&lift(&built, None, None).unwrap(), None, spanish("Saluda.")).unwrap(), lifted);
        assert_eq!(lift(&lifted, None, None).unwrap(), lifted);
        assert!(refusal(lift(&lifted, None, spanish("Dice hola."))).contains("`summary` has another one"));
        assert!(refusal(lift(&built, None, spanish(r"\u001b[2J"))).contains("`summary` has control characters"));
    }

    #[test]
    fn a_description_beside_the_component_is_put_into_it_unless_it_has_another() {
        let beside = |component: &[u8], json: &str| lift(component, Some(json.as_bytes()), None);
        let plain = component(&[], &[]);
        let lifted = beside(&plain, PLAIN).unwrap();
        assert_eq!(describe(&lifted).unwrap().name, "hello");
        assert_eq!(beside(&lifted, PLAIN).unwrap(), lifted);
        assert_eq!(
            beside(&component(&[&frame(PLAIN)], &[]), PLAIN).map(|bytes| describe(&bytes).unwrap().name).unwrap(),
            "hello"
        );
        let spanish = Spanish::parse("summary = 'Saluda.'").unwrap();
        let in_spanish = lift(&plain, Some(PLAIN.as_bytes()), Some(spanish)).unwrap();
        assert_eq!(beside(&in_spanish, PLAIN).unwrap(), in_spanish);
        let other = PLAIN.replace("hello", "goodbye");
        for described in [lifted, component(&[&frame(PLAIN)], &[])] {
            assert!(refusal(beside(&described, &other)).contains("not the one beside it"));
        }
        assert!(refusal(beside(&plain, "{")).contains("EOF while parsing"));
    }

    #[test]
    fn a_component_has_exactly_one_description() {
        let other = PLAIN.replace("hello", "goodbye");
        let two = [frame(PLAIN), frame(PLAIN)].concat();
        for (nested, top, problem) in [
            (&[][..], &[][..], "no description in any of its modules"),
            (&[&two[..]], &[], "2 descriptions"),
            (&[&frame(PLAIN)[..], &frame(PLAIN)], &[], "2 descriptions"),
            (&[], &[PLAIN, PLAIN], "2 descriptions"),
            (&[&frame(PLAIN)], &[&other], "not the one in its modules"),
            (&[b"{}"], &[], "bytes that belong to no frame"),
        ] {
            let refused = refusal(lift(&component(nested, top), None, None));
            assert!(refused.contains(problem), "{refused}");
        }
        assert!(refusal(describe(&component(&[], &[PLAIN, PLAIN]))).contains("2 descriptions"));
    }

    #[test]
    fn bad_json_is_refused_with_its_place() {
        let broken = "{\n  \"schema\": 1,\n  \"nome\": \"hello\"\n}";
        for (json, problem) in [
            (broken, "unknown field `nome`"),
            (broken, "at line 3 column 8"),
            ("{", "EOF while parsing an object at line 1 column 1"),
            (&format!("{PLAIN} x"), "trailing characters at line 1 column"),
            (&format!("{PLAIN}\0"), "trailing characters"),
            (&"[".repeat(1_000), "at line 1 column"),
            (&" ".repeat(crate::MOST_BYTES + 1), "at most 262144 are read"),
        ] {
            let refused = refusal(describe(&component(&[], &[json])));
            assert!(refused.contains(problem), "{refused}");
        }
        let mut unacceptable: serde_json::Value = serde_json::from_str(PLAIN).unwrap();
        unacceptable["name"] = json!("Hello");
        let refused = refusal(lift(&component(&[&frame(&unacceptable.to_string())], &[]), None, None));
        assert!(refused.contains("the description is not acceptable: the name `Hello`"), "{refused}");
    }

    #[test]
    fn what_is_not_a_component_is_refused() {
        let core = module(&frame(PLAIN)).finish();
        for (bytes, problem) in [
            (&b""[..], "not a component: it does not begin as WebAssembly does"),
            (b"#!/bin/sh", "not a component: it does not begin as WebAssembly does"),
            (b"\0asm", "cut short or damaged at byte 4"),
            (&core, "not a component but a core WebAssembly module"),
        ] {
            for refused in [refusal(describe(bytes)), refusal(lift(bytes, None, None))] {
                assert!(refused.contains(problem), "{refused}");
            }
        }
    }

    #[test]
    fn a_file_cut_anywhere_never_gives_a_description() {
        let lifted = lift(&component(&[&frame(PLAIN)], &[]), None, None).unwrap();
        for length in 0..lifted.len() {
            assert!(describe(&lifted[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn modules_nested_without_end_are_refused() {
        let nest = |levels: usize| {
            let mut component = Component::new();
            component.section(&ModuleSection(&module(&frame(PLAIN))));
            for _ in 0..levels {
                let mut outer = Component::new();
                outer.section(&NestedComponentSection(&component));
                component = outer;
            }
            component.finish()
        };
        assert!(lift(&nest(3), None, None).is_ok());
        assert!(refusal(lift(&nest(8), None, None)).contains("nested more than 8 deep"));
    }
}
