//! Documents of the shop, each with its file among the media.

/// A document and its file; the document's text is the file's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document {
    /// Its external id and, before the suffix, the name of its file.
    pub(crate) slug: &'static str,
    pub(crate) title: &'static str,
    pub(crate) suffix: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) content: &'static str,
}

impl Document {
    /// The name of its file.
    pub(crate) fn file(&self) -> String {
        format!("{}.{}", self.slug, self.suffix)
    }
}

macro_rules! documents {
    ($($slug:literal, $suffix:literal, $media_type:literal: $title:literal;)*) => {
        pub(crate) const DOCUMENTS: &[Document] = &[$(Document {
            slug: $slug,
            title: $title,
            suffix: $suffix,
            media_type: $media_type,
            content: include_str!(concat!("../../media/", $slug, ".", $suffix)),
        }),*];
    };
}

documents! {
    "demo-returns-policy-en", "md", "text/markdown": "Returns policy";
    "demo-returns-policy-es", "md", "text/markdown": "Política de devoluciones";
    "demo-wood-care-en", "txt", "text/plain": "Care of solid wood";
    "demo-wood-care-es", "txt", "text/plain": "Cuidado de la madera maciza";
    "demo-price-list", "csv", "text/csv": "Lista de precios / Price list";
    "demo-delivery-zones", "csv", "text/csv": "Zonas de envío / Delivery zones";
    "demo-style-guide-es", "md", "text/markdown": "Guía de estilo para agentes";
    "demo-welcome-en", "txt", "text/plain": "Welcome letter of Alerce Plus";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_has_its_own_name_and_content() {
        for (at, document) in DOCUMENTS.iter().enumerate() {
            assert!(document.slug.starts_with("demo-") && document.content.len() > 200, "{}", document.slug);
            assert!(DOCUMENTS[at + 1..].iter().all(|other| other.slug != document.slug));
        }
    }
}
