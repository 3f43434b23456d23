//! How large a component may be to be compiled: counted by a walk over its sections, before the compiler sees it.

use encargo_model::{Text, Worded, text};
use wasmparser::{Parser, Payload};

use crate::error::LoadError;

/// What may be compiled. Past one of them a component is refused with exit 14.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// The component, in bytes.
    pub(crate) bytes: u64,
    /// One function's body, in bytes.
    pub(crate) body_bytes: u64,
    /// The functions of all its modules together.
    pub(crate) functions: u64,
    /// Modules and components in it, at any depth.
    pub(crate) modules: u64,
    /// Instances of modules and components.
    pub(crate) instances: u64,
    /// Types of modules and components.
    pub(crate) types: u64,
    /// Imports, exports, aliases, canonical functions, globals, tables, memories and tags.
    pub(crate) items: u64,
    /// Segments of tables and memories.
    pub(crate) segments: u64,
}

impl Bounds {
    /// Of packaged commands and those that the operator placed.
    pub(crate) const OPERATOR: Self = Self {
        bytes: 64 << 20,
        body_bytes: 2 << 20,
        functions: 200_000,
        modules: 64,
        instances: 1_000,
        types: 100_000,
        items: 500_000,
        segments: 100_000,
    };

    /// Refuses a component that is larger in one of them, or none at all.
    pub(crate) fn check(&self, component: &[u8]) -> Result<(), LoadError> {
        let within = |what, found: u64, most: u64| match found > most {
            true => Err(LoadError::TooMuch { what, found, most }),
            false => Ok(()),
        };
        within(Bounded::Bytes, component.len() as u64, self.bytes)?;
        let [mut functions, mut modules, mut instances, mut types, mut items, mut segments] = [0; 6];
        for payload in Parser::new(0).parse_all(component) {
            let more = |count: u32| u64::from(count);
            match payload.map_err(|error| LoadError::NotAComponent(Text::quoted(error.message())))? {
                Payload::CodeSectionEntry(body) => {
                    within(Bounded::BodyBytes, body.range().len() as u64, self.body_bytes)?;
                }
                Payload::FunctionSection(section) => functions += more(section.count()),
                Payload::CodeSectionStart { count, .. } => within(Bounded::Functions, more(count), self.functions)?,
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => modules += 1,
                Payload::InstanceSection(section) => instances += more(section.count()),
                Payload::ComponentInstanceSection(section) => instances += more(section.count()),
                Payload::TypeSection(section) => types += more(section.count()),
                Payload::CoreTypeSection(section) => types += more(section.count()),
                Payload::ComponentTypeSection(section) => types += more(section.count()),
                Payload::ImportSection(section) => items += more(section.count()),
                Payload::ExportSection(section) => items += more(section.count()),
                Payload::GlobalSection(section) => items += more(section.count()),
                Payload::TableSection(section) => items += more(section.count()),
                Payload::MemorySection(section) => items += more(section.count()),
                Payload::TagSection(section) => items += more(section.count()),
                Payload::ComponentAliasSection(section) => items += more(section.count()),
                Payload::ComponentCanonicalSection(section) => items += more(section.count()),
                Payload::ComponentImportSection(section) => items += more(section.count()),
                Payload::ComponentExportSection(section) => items += more(section.count()),
                Payload::ElementSection(section) => segments += more(section.count()),
                Payload::DataSection(section) => segments += more(section.count()),
                _ => {}
            }
            within(Bounded::Functions, functions, self.functions)?;
            within(Bounded::Modules, modules, self.modules)?;
            within(Bounded::Instances, instances, self.instances)?;
            within(Bounded::Types, types, self.types)?;
            within(Bounded::Items, items, self.items)?;
            within(Bounded::Segments, segments, self.segments)?;
        }
        Ok(())
    }
}

/// What a component has a bounded number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounded {
    /// Bytes of the whole.
    Bytes,
    /// Bytes of one function's body.
    BodyBytes,
    /// Functions.
    Functions,
    /// Modules and components inside it.
    Modules,
    /// Instances.
    Instances,
    /// Types.
    Types,
    /// Imports, exports, globals, tables, memories and aliases.
    Items,
    /// Segments of data and of elements.
    Segments,
}

impl Worded for Bounded {
    fn text(&self) -> Text {
        match self {
            Self::Bytes => text!("bytes", "bytes"),
            Self::BodyBytes => text!("bytes in one function", "bytes en una función"),
            Self::Functions => text!("functions", "funciones"),
            Self::Modules => text!("modules", "módulos"),
            Self::Instances => text!("instances", "instancias"),
            Self::Types => text!("types", "tipos"),
            Self::Items => text!("imports, exports and the like", "importaciones, exportaciones y similares"),
            Self::Segments => text!("segments", "segmentos"),
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, Component, Function, FunctionSection, Module, ModuleSection, NestedComponentSection, TypeSection,
    };

    use super::*;

    /// A module with so many functions, each of so many instructions that do nothing.
    pub(super) fn module(functions: u32, instructions: usize) -> Module {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let (mut declared, mut code) = (FunctionSection::new(), CodeSection::new());
        for _ in 0..functions {
            declared.function(0);
            let mut body = Function::new([]);
            (0..instructions).for_each(|_| {
                body.instructions().nop();
            });
            body.instructions().end();
            code.function(&body);
        }
        module.section(&types).section(&declared).section(&code);
        module
    }

    fn component(modules: &[Module]) -> Component {
        let mut component = Component::new();
        for module in modules {
            component.section(&ModuleSection(module));
        }
        component
    }

    fn refusal(bounds: Bounds, component: Component) -> String {
        bounds.check(&component.finish()).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn each_bound_holds_at_its_number_and_is_named_past_it() {
        let all = Bounds::OPERATOR;
        let two = || component(&[module(2, 10), module(3, 4)]);
        let bytes = two().finish().len() as u64;
        for (at, past, words) in [
            (Bounds { functions: 5, ..all }, Bounds { functions: 4, ..all }, "5 functions; at most 4"),
            (Bounds { modules: 2, ..all }, Bounds { modules: 1, ..all }, "2 modules; at most 1"),
            (Bounds { types: 2, ..all }, Bounds { types: 1, ..all }, "2 types; at most 1"),
            (
                Bounds { body_bytes: 12, ..all },
                Bounds { body_bytes: 11, ..all },
                "12 bytes in one function; at most 11",
            ),
            (Bounds { bytes, ..all }, Bounds { bytes: bytes - 1, ..all }, "bytes; at most"),
        ] {
            assert_eq!(refusal(at, two()), "", "{words}");
            let refused = refusal(past, two());
            assert!(refused.contains(words), "{refused}");
        }
    }

    #[test]
    fn what_lies_in_nested_components_counts() {
        let mut outer = Component::new();
        outer.section(&NestedComponentSection(&component(&[module(7, 0)])));
        let refused = refusal(Bounds { functions: 6, ..Bounds::OPERATOR }, outer);
        assert!(refused.contains("7 functions"), "{refused}");
    }

    #[test]
    fn what_is_cut_short_is_no_component() {
        assert!(matches!(Bounds::OPERATOR.check(b""), Err(LoadError::NotAComponent(_))));
        assert!(matches!(Bounds::OPERATOR.check(b"\0asm\x0d\0\x01\0\xff"), Err(LoadError::NotAComponent(_))));
    }

    #[test]
    fn a_million_empty_functions_are_refused_with_exit_14() {
        let bytes = component(&[module(1_000_000, 0)]).finish();
        let refused = Bounds::OPERATOR.check(&bytes).unwrap_err();
        assert_eq!(refused.exit(), encargo_model::Exit::Sandbox);
        assert_eq!(refused.to_string(), "the component has 1000000 functions; at most 200000 are compiled");
    }
}
