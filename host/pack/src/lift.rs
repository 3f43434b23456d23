//! Brings a description from a component's modules to its top level.

use std::borrow::Cow;

use wasm_encoder::{ComponentSection, CustomSection};

use crate::{PackError, SECTION, fragment, read, sections};

/// The component with its description in one section at its top level; a lifted component comes back as it is.
///
/// # Errors
/// Not a component, no description or more than one in its modules, or one that is not acceptable.
pub fn lift(component: &[u8]) -> Result<Vec<u8>, PackError> {
    let found = sections::find(component, true)?;
    let mut frames = Vec::new();
    for section in &found.nested {
        frames.extend(fragment::frames(section)?);
    }
    let nested = match frames.as_slice() {
        [] => None,
        [json] => Some(read::parse(json)?),
        several => return Err(PackError::Several(several.len())),
    };
    let top = match found.top.as_slice() {
        [] => None,
        [json] => Some(read::parse(json)?),
        several => return Err(PackError::Several(several.len())),
    };
    match (top, nested) {
        (None, None) => Err(PackError::Missing),
        (Some(top), Some(nested)) if top != nested => Err(PackError::Differs),
        (Some(_), _) => Ok(component.to_vec()),
        (None, Some(description)) => {
            let json = serde_json::to_vec(&description)?;
            let mut lifted = component.to_vec();
            CustomSection { name: SECTION.into(), data: Cow::Owned(json) }.append_to_component(&mut lifted);
            Ok(lifted)
        }
    }
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
        let lifted = lift(&built).unwrap();
        assert_eq!(describe(&lifted).unwrap().name, "hello");
        assert_eq!(lifted[..built.len()], built);
        assert_eq!(lift(&lifted).unwrap(), lifted);
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
            let refused = refusal(lift(&component(nested, top)));
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
        let refused = refusal(lift(&component(&[&frame(&unacceptable.to_string())], &[])));
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
            for refused in [refusal(describe(bytes)), refusal(lift(bytes))] {
                assert!(refused.contains(problem), "{refused}");
            }
        }
    }

    #[test]
    fn a_file_cut_anywhere_never_gives_a_description() {
        let lifted = lift(&component(&[&frame(PLAIN)], &[])).unwrap();
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
        assert!(lift(&nest(3)).is_ok());
        assert!(refusal(lift(&nest(8))).contains("nested more than 8 deep"));
    }
}
