//! Issues of documents, and of the files of the media folder and their rows.

super::issues! {
    DOCUMENT_SAME_EXTERNAL_ID = Documents Error "documents.E001"
        means => ("two documents have the same external id", "dos documentos tienen el mismo identificador externo"),
        advice => ("remove the older one, then look at the indexes with `--module=storage`",
            "borre el más antiguo y luego revise los índices con `--module=storage`");
    DOCUMENT_ENCODING = Documents Error "documents.E002"
        means => ("a text of a document was read in the wrong encoding, or has control characters",
            "un texto de un documento se leyó en otra codificación, o tiene caracteres de control"),
        advice => ("read the document again with the right encoding", "lea el documento de nuevo con la codificación correcta");
    DOCUMENT_TIME_ORDER = Documents Error "documents.E003"
        means => ("a document was changed before it was made", "un documento cambió antes de crearse"),
        advice => ("correct `created_at` or `updated_at`", "corrija `created_at` o `updated_at`");
    DOCUMENT_MEDIA_TYPE = Documents Warning "documents.W004"
        means => ("the media type of a document is not written as `text/plain`",
            "el tipo de contenido de un documento no se escribe como `text/plain`"),
        advice => ("write it so: nothing knows how to show it", "escríbalo así: nada sabe cómo mostrarlo");
    MISSING = Media Error "media.E001"
        means => ("a file that has a row is not in the media folder", "un archivo que tiene fila no está en la carpeta de medios"),
        advice => ("restore the file from a backup, or remove its row", "recupere el archivo de una copia de seguridad, o borre su fila");
    UNKNOWN = Media Warning "media.W002"
        means => ("a file of the media folder has no row", "un archivo de la carpeta de medios no tiene fila"),
        advice => ("remove the file, or add its row", "borre el archivo, o añada su fila");
    SIZE = Media Error "media.E003"
        means => ("a file has another size than its row says", "un archivo tiene otro tamaño que el que dice su fila"),
        advice => ("restore the file from a backup: it was cut off or replaced",
            "recupere el archivo de una copia de seguridad: se cortó o se cambió");
    CHECKSUM = Media Error "media.E004"
        means => ("a file has another content than its row says", "un archivo tiene otro contenido que el que dice su fila"),
        advice => ("restore the file from a backup: it was damaged or replaced",
            "recupere el archivo de una copia de seguridad: se dañó o se cambió");
    WITHOUT_DOCUMENT = Media Error "media.E005" (fixable)
        means => ("the document of a file is not there", "el documento de un archivo no existe"),
        advice => ("`--fix-issues` takes the document out of the row, as removing the document would have",
            "`--fix-issues` quita el documento de la fila, como lo haría borrar el documento");
    CROSSED = Media Critical "media.C006"
        means => ("a file belongs to another tenant than its document", "un archivo es de otro inquilino que su documento"),
        advice => ("find out what wrote it before anything is changed: one tenant may have seen another's data",
            "averigüe qué lo escribió antes de cambiar nada: un inquilino pudo ver datos de otro");
    MALFORMED = Media Error "media.E007"
        means => ("the row of a file has a size below 0 or a hash that is none", "la fila de un archivo tiene un tamaño menor que 0 o un hash que no lo es"),
        advice => ("write the row again from the file", "escriba la fila de nuevo a partir del archivo");
    NAME = Media Error "media.E008"
        means => ("the row of a file has a name that no file of the media folder can have",
            "la fila de un archivo tiene un nombre que ningún archivo de la carpeta de medios puede tener"),
        advice => ("give the file a name without `/`, and its row the same", "ponga al archivo un nombre sin `/`, y a su fila el mismo");
    ENCODING = Media Error "media.E009"
        means => ("the name of a file was read in the wrong encoding", "el nombre de un archivo se leyó en otra codificación"),
        advice => ("rename the file and its row", "cambie el nombre del archivo y de su fila");
}
