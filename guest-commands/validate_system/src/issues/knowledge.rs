//! Issues of knowledge items.

super::issues! {
    CONTENT_HASH = Knowledge Error "knowledge.E001" (fixable)
        means => ("the content hash of an item is not that of what it says", "el hash de un elemento no es el de lo que dice"),
        advice => ("`--fix-issues` works it out again; until then an import takes a change for none or none for one",
            "`--fix-issues` lo calcula de nuevo; hasta entonces una importación confunde si hay cambios");
    OWN_ID = Knowledge Error "knowledge.E002"
        means => ("an item without an id of its own has another `~` id than its text gives",
            "un elemento sin identificador propio tiene otro `~` que el que da su texto"),
        advice => ("import it again: the next import makes a second one beside it", "impórtelo de nuevo: la próxima importación crea otro al lado");
    TAGS = Knowledge Error "knowledge.E003"
        means => ("the tags of an item are not a JSON list of texts", "las etiquetas de un elemento no son una lista JSON de textos"),
        advice => ("write them again, or take the knowledge to version 2.0 with `migrate_knowledge_base`", "escríbalas de nuevo, o lleve el conocimiento a la versión 2.0 con `migrate_knowledge_base`");
    SAME_EXTERNAL_ID = Knowledge Error "knowledge.E004"
        means => ("two items have the same external id", "dos elementos tienen el mismo identificador externo"),
        advice => ("remove the older one, then look at the indexes with `--module=storage`",
            "borre el más antiguo y luego revise los índices con `--module=storage`");
    SAME_CONTENT = Knowledge Warning "knowledge.W005"
        means => ("two items say the same under two external ids", "dos elementos dicen lo mismo con dos identificadores externos"),
        advice => ("remove one: an agent finds both", "borre uno: un agente encuentra los dos");
    ENCODING = Knowledge Error "knowledge.E006"
        means => ("a text of an item was read in the wrong encoding, or has control characters",
            "un texto de un elemento se leyó en otra codificación, o tiene caracteres de control"),
        advice => ("import its file again with the right encoding", "importe su archivo de nuevo con la codificación correcta");
    TIME_ORDER = Knowledge Error "knowledge.E007"
        means => ("an item was changed before it was made", "un elemento cambió antes de crearse"),
        advice => ("correct `created_at` or `updated_at`", "corrija `created_at` o `updated_at`");
    LANGUAGE = Knowledge Warning "knowledge.W008"
        means => ("the language of an item is not a language tag", "el idioma de un elemento no es una etiqueta de idioma"),
        advice => ("write it as `es` or `en-GB`, or leave it empty", "escríbalo como `es` o `en-GB`, o déjelo vacío");
    EMPTY = Knowledge Warning "knowledge.W009"
        means => ("an item has no title or no text", "un elemento no tiene título o no tiene texto"),
        advice => ("complete or remove it: it cannot answer anything", "complételo o bórrelo: no puede responder nada");
    LEGACY = Knowledge Error "knowledge.E010"
        means => ("the fields of an older format of an item are not a JSON object",
            "los campos de un formato anterior de un elemento no son un objeto JSON"),
        advice => ("write `legacy` again, or empty it", "escriba `legacy` de nuevo, o vacíelo");
    FORMAT = Knowledge Error "knowledge.E011"
        means => ("the format version of an item is less than 1", "la versión de formato de un elemento es menor que 1"),
        advice => ("set it to the version that its fields are of", "ponga la versión de la que son sus campos");
}
