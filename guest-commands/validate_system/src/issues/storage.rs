//! Issues below the rows, and of commands.

super::issues! {
    STRUCTURE = Storage Critical "storage.C001"
        means => ("the file of the tenant is damaged", "el archivo del inquilino está dañado"),
        advice => ("restore it from a backup, and look at the disk", "recupérelo de una copia de seguridad, y revise el disco");
    INDEX = Storage Critical "storage.C002"
        means => ("an index does not hold what its relation holds", "un índice no contiene lo que contiene su relación"),
        advice => ("build the indexes anew; until then rows are not found", "reconstruya los índices; hasta entonces hay filas que no se encuentran");
    SCHEMA = Storage Error "storage.E003"
        means => ("the schema is not the one that the migrations make", "el esquema no es el que hacen las migraciones"),
        advice => ("find out who changed it; restore it from a backup, or put it back by hand",
            "averigüe quién lo cambió; recupérelo de una copia de seguridad, o repóngalo a mano");
    REFERENCE = Storage Error "storage.E004"
        means => ("a row names a row that is not there", "una fila nombra una fila que no existe"),
        advice => ("restore the missing row from a backup, or remove the one that names it",
            "recupere la fila que falta de una copia de seguridad, o borre la que la nombra");
    RULE = Storage Error "storage.E005"
        means => ("rows break a rule of their relation", "hay filas que rompen una regla de su relación"),
        advice => ("correct the values: the rule is in the schema, so something wrote past it",
            "corrija los valores: la regla está en el esquema, así que algo escribió saltándosela");
    COUNTER = Storage Critical "storage.C006"
        means => ("the counter of ids is behind an id that is in use", "el contador de identificadores va por detrás de uno en uso"),
        advice => ("raise it before anything is written: new rows would take ids that are in use",
            "súbalo antes de escribir nada: las filas nuevas tomarían identificadores en uso");
    TOMBSTONE = Storage Warning "storage.W007"
        means => ("a row that is there is also told as deleted", "una fila que existe consta también como borrada"),
        advice => ("remove the row of `deletions`: an export by time tells others to delete it",
            "borre la fila de `deletions`: una exportación por tiempo dice a otros que la borren");
    JOURNAL = Storage Error "storage.E008"
        means => ("what a command noted to take its work back cannot be read", "no se puede leer lo que un comando anotó para deshacer su trabajo"),
        advice => ("keep a backup of before that run: `--undo` cannot do it", "guarde una copia anterior a esa ejecución: `--undo` no puede hacerlo");
    UNOPENED = Storage Critical "storage.C009"
        means => ("the rows of the tenant cannot be opened, so nothing of it was looked at",
            "no se pueden abrir las filas del inquilino, así que no se miró nada de él"),
        advice => ("ask `health_check --service=database`, then restore it from a backup",
            "consulte `health_check --service=database`, y luego recupérelo de una copia de seguridad");
    UNREADABLE = Commands Error "commands.E001"
        means => ("a file among the commands is none that can be run", "un archivo entre los comandos no se puede ejecutar"),
        advice => ("build it again for this version, or remove it", "compílelo de nuevo para esta versión, o bórrelo");
    GRANT = Commands Warning "commands.W002"
        means => ("something was granted that no command asks for or that is for nothing",
            "se concedió algo que ningún comando pide o que no es para nada"),
        advice => ("take it back with `encargo commands revoke`", "retírelo con `encargo commands revoke`");
    REVOKED = Commands Info "commands.I003"
        means => ("a command may not do something that it asks for, so it may end with 14",
            "un comando no puede hacer algo que pide, así que puede terminar con 14"),
        advice => ("leave it so where it is meant, else `encargo commands grant`", "déjelo así si es a propósito; si no, `encargo commands grant`");
}
