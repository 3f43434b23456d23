//! How large a component may be to be compiled: counted by a walk over its sections, before the compiler sees it.

use encargo_model::{Text, Tier, Worded, text};
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

    /// Of a tenant's own.
    pub(crate) const TENANT: Self = Self {
        bytes: 8 << 20,
        body_bytes: 256 << 10,
        functions: 30_000,
        modules: 16,
        instances: 200,
        types: 10_000,
        items: 50_000,
        segments: 10_000,
    };

    /// Those of a tier.
    pub(crate) const fn of(tier: Tier) -> Self {
        match tier {
            Tier::Packaged | Tier::Operator => Self::OPERATOR,
            Tier::Tenant => Self::TENANT,
        }
    }

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
                // There are as many bodies, or the parser refuses it.
                Payload::FunctionSection(section) => functions += more(section.count()),
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
        Alias, CanonicalFunctionSection, CodeSection, Component, ComponentAliasSection, ComponentExportKind,
        ComponentExportSection, ComponentImportSection, ComponentInstanceSection, ComponentTypeRef,
        ComponentTypeSection, ComponentValType, ConstExpr, CoreTypeSection, DataSection, ElementSection, Elements,
        EntityType, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection,
        InstanceSection, MemorySection, MemoryType, Module, ModuleSection, NestedComponentSection, RefType,
        TableSection, TableType, TagKind, TagSection, TagType, TypeSection, ValType,
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

    /// A component with two sections of each kind that is counted, of one entry each: 2 instances, types and so on.
    fn one_of_each() -> Component {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("a", "f", EntityType::Function(0));
        let mut tables = TableSection::new();
        let table =
            TableType { element_type: RefType::FUNCREF, table64: false, minimum: 1, maximum: None, shared: false };
        tables.table(table);
        let memory = MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
        let mut memories = MemorySection::new();
        memories.memory(memory);
        let mut tags = TagSection::new();
        tags.tag(TagType { kind: TagKind::Exception, func_type_idx: 0 });
        let mut globals = GlobalSection::new();
        let global = GlobalType { val_type: ValType::I32, mutable: false, shared: false };
        globals.global(global, &ConstExpr::i32_const(0));
        let mut exports = ExportSection::new();
        exports.export("m", ExportKind::Memory, 0);
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions([0][..].into()));
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(0), [0]);
        module.section(&types).section(&imports).section(&tables).section(&memories).section(&tags).section(&globals);
        module.section(&exports).section(&elements).section(&data);

        let mut component = Component::new();
        component.section(&ModuleSection(&module));
        let mut core_types = CoreTypeSection::new();
        core_types.ty().core().function([], []);
        let mut component_types = ComponentTypeSection::new();
        component_types.function().params([] as [(&str, ComponentValType); 0]).result(None);
        let mut component_imports = ComponentImportSection::new();
        component_imports.import("f", ComponentTypeRef::Func(0));
        let mut canonical = CanonicalFunctionSection::new();
        canonical.lower(0, []);
        let mut instances = InstanceSection::new();
        instances.export_items([("f", ExportKind::Func, 0)]);
        let mut component_instances = ComponentInstanceSection::new();
        component_instances.export_items([("f", ComponentExportKind::Func, 0)]);
        let mut aliases = ComponentAliasSection::new();
        aliases.alias(Alias::CoreInstanceExport { instance: 0, kind: ExportKind::Func, name: "f" });
        let mut component_exports = ComponentExportSection::new();
        component_exports.export("g", ComponentExportKind::Func, 0, None);
        component.section(&core_types).section(&component_types).section(&component_imports).section(&canonical);
        component.section(&instances).section(&component_instances).section(&aliases).section(&component_exports);
        component
    }

    #[test]
    fn every_kind_of_section_counts_for_its_bound() {
        let all = Bounds::OPERATOR;
        for (at, past, words) in [
            (Bounds { instances: 2, ..all }, Bounds { instances: 1, ..all }, "2 instances; at most 1"),
            (Bounds { types: 3, ..all }, Bounds { types: 2, ..all }, "3 types; at most 2"),
            (Bounds { items: 10, ..all }, Bounds { items: 9, ..all }, "10 imports, exports and the like; at most 9"),
            (Bounds { segments: 2, ..all }, Bounds { segments: 1, ..all }, "2 segments; at most 1"),
        ] {
            assert_eq!(refusal(at, one_of_each()), "", "{words}");
            let refused = refusal(past, one_of_each());
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
