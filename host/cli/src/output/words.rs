//! The host's words around a run, in both languages. `{}` stands for what is filled in, in the same order in both.

use std::fmt::Display;

use encargo_model::{Language, Text};

use super::shown::visible;

macro_rules! words {
    ($($name:ident => $en:literal, $es:literal;)*) => {
        /// A word or a sentence that the host says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Word { $($name,)* }

        impl Word {
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name,)*];

            /// The words, as they stand in the table.
            pub(crate) const fn get(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::En) => $en, (Self::$name, Language::Es) => $es,)*
                }
            }
        }
    };
}

words! {
    // Labels of lines on stderr.
    Error => "error", "error";
    Warning => "warning", "aviso";
    Said => "said", "dicho";
    Hint => "hint", "sugerencia";
    Note => "note", "nota";

    OfDjango => "`--{}` is Django's and means nothing here", "`--{}` es de Django y aquí no significa nada";

    // Before a run.
    Compiling => "compiling `{}`, this is done once", "compilando `{}`; se hace una sola vez";

    // A run's report.
    DryRun => "dry run: nothing was changed; recorded by the host:", "simulacro: no se cambió nada; registrado por el anfitrión:";
    OtherTenants => "({} more tenants had nothing to tell; -v 2 shows them)", "({} inquilinos más no tenían nada que contar; -v 2 los muestra)";
    NoRows => "no rows changed", "no cambió ninguna fila";
    Wrote => "wrote {} ({})", "escrito {} ({})";

    // A receipt.
    Receipt => "receipt of run {}", "recibo de la ejecución {}";
    Command => "command", "comando";
    Status => "status", "estado";
    Exit => "exit", "salida";
    Started => "started", "inicio";
    Took => "took", "duró";
    Pages => "pages", "páginas";
    PagesOf => "{} found in the database's cache, {} read from its file ({} % found)", "{} en la caché de la base de datos, {} leídas de su archivo ({} % en la caché)";
    ShareOf => "share of", "parte de";
    Attempts => "attempts", "intentos";
    Argument => "argument", "argumento";
    Value => "value", "valor";
    Origin => "from", "de dónde";
    OriginGiven => "given", "dado";
    OriginEnvironment => "environment {}", "entorno {}";
    OriginSettings => "encargo.toml {}", "encargo.toml {}";
    OriginDefault => "default", "por omisión";
    Platform => "(platform)", "(plataforma)";
    Tenant => "tenant", "inquilino";
    Table => "table", "tabla";
    Inserted => "inserted", "añadidas";
    Updated => "updated", "cambiadas";
    Deleted => "deleted", "borradas";
    File => "file", "archivo";
    Path => "path", "ruta";
    Size => "size", "tamaño";
    Sha256 => "sha256", "sha256";
    Written => "written", "escrito";
    Removed => "removed", "borrado";
    Moved => "moved", "movido";
    Limit => "limit", "límite";
    Used => "used", "usado";
    Of => "of", "de";
    Again => "run it again", "ejecutar de nuevo";

    // Around a run.
    RunStarted => "run {} of `{}` began", "empezó la ejecución {} de `{}`";
    CouldResume => "run {} of the same work ended early ({}); go on with it with --resume, or say --restart to begin anew without this line", "la ejecución {} del mismo trabajo terminó antes de tiempo ({}); siga con ella con --resume, o diga --restart para empezar de nuevo sin este aviso";
    CouldResumeSeveral => "runs of the same work ended early in {} tenants; go on with them with --resume, or say --restart to begin anew without this line", "ejecuciones del mismo trabajo terminaron antes de tiempo en {} inquilinos; siga con ellas con --resume, o diga --restart para empezar de nuevo sin este aviso";
    Unrecorded => "this run is not recorded: {}", "esta ejecución no queda registrada: {}";
    StoreReadOnly => "the data directory cannot be written", "no se puede escribir en el directorio de datos";
    NoCache => "no folder can keep compiled components, so each command is compiled anew; name one of your own in XDG_CACHE_HOME", "ninguna carpeta puede guardar los componentes compilados, así que cada comando se compila de nuevo; indique una suya en XDG_CACHE_HOME";
    GoOn => "to go on where it ended: {} --resume", "para seguir donde terminó: {} --resume";
    LookAt => "see its log and limits with `encargo runs show {}` and `encargo runs logs {}`", "vea su registro y límites con `encargo runs show {}` y `encargo runs logs {}`";
    SayYes => "answer it with --yes, or at a terminal", "respóndala con --yes, o en una terminal";
    SeeStack => "see where with --traceback", "vea dónde con --traceback";
    Stopping => "ending the run cleanly; press Ctrl-C again to end at once", "terminando la ejecución limpiamente; pulse Ctrl-C otra vez para terminar ya";
    TypeYes => "{} Type `yes` to go on: ", "{} Escriba `sí` para seguir: ";
    PasswordShown => "password of {}, shown this once: {}", "contraseña de {}, se muestra solo esta vez: {}";
    NoTerminalForPassword => "there is no terminal to show a password on, so the administrator has none until `encargo users set-password` sets one", "no hay terminal donde mostrar una contraseña, así que la cuenta de administración no tiene hasta que `encargo users set-password` fije una";
    Isolated => "nothing was started: {}", "no se inició nada: {}";
    TemporaryDryRun => "there is no data directory; this dry run works in a temporary one, and the real run would make `{}`", "no hay directorio de datos; este simulacro usa uno temporal, y la ejecución real crearía `{}`";
    MadeDataDir => "made the data directory `{}`", "se creó el directorio de datos `{}`";

    // Help.
    Tagline => "Runs management commands, each in a sandbox with just the rows and files it was granted.", "Ejecuta comandos de gestión, cada uno aislado y solo con las filas y archivos que se le concedieron.";
    Usage => "Usage", "Uso";
    UsageOverview => "encargo NAME [--option ...]", "encargo NOMBRE [--opción ...]";
    UsageCommand => "encargo {} [--option ...]", "encargo {} [--opción ...]";
    UsageMore => "encargo {} WORD [--option ...]", "encargo {} PALABRA [--opción ...]";
    Commands => "Commands", "Comandos";
    Verbs => "Verbs", "Verbos";
    Options => "Options", "Opciones";
    HostOptions => "Options of every command", "Opciones de todo comando";
    GeneralOptions => "Options of everything", "Opciones de todo";
    Subcommands => "What it can do", "Lo que puede hacer";
    Examples => "Examples", "Ejemplos";
    ExitCodes => "Exit codes of its own", "Códigos de salida propios";
    MoreHelp => "`encargo help NAME` tells all about a command or verb.", "`encargo help NOMBRE` cuenta todo sobre un comando o verbo.";
    NoCommands => "(none is packaged; `scripts/build-commands` builds them)", "(no hay ninguno incluido; `scripts/build-commands` los construye)";
    HelpAllTenants => "[without it: every tenant]", "[sin ella: todos los inquilinos]";
    HelpDefaultTenant => "[without it: the default tenant]", "[sin ella: el inquilino por omisión]";
    HelpNoTenant => "[without it: once for the whole installation]", "[sin ella: una vez para toda la instalación]";
    HelpDefault => "[default: {}]", "[por omisión: {}]";
    HelpEnv => "[env: {}]", "[entorno: {}]";
    HelpSettings => "[encargo.toml: {}]", "[encargo.toml: {}]";
    HelpChoices => "[one of: {}]", "[uno de: {}]";
    HelpRange => "[from {} to {}]", "[de {} a {}]";
    HelpLeast => "[at least {}]", "[al menos {}]";
    HelpMost => "[at most {}]", "[como mucho {}]";
    HelpPosition => "[as value {} it needs no name]", "[como valor {} no necesita nombre]";
    HelpRequired => "[required]", "[obligatorio]";

    // Flags.
    FlagTenant => "Run in these tenants, or in `all`", "Ejecutar en estos inquilinos, o en todos con `all`";
    FlagExcludeTenant => "Leave these tenants out", "Dejar fuera estos inquilinos";
    FlagParallel => "So many tenants at a time", "Tantos inquilinos a la vez";
    FlagFailFast => "Begin no further tenant after one failed", "No empezar otro inquilino después de que uno falle";
    FlagDryRun => "Change nothing and show what would change", "No cambiar nada y mostrar qué cambiaría";
    FlagResume => "Go on with the newest run of the same work that ended early, or with RUN", "Seguir con la última ejecución del mismo trabajo que terminó antes de tiempo, o con RUN";
    FlagRestart => "Begin anew even where a run could be resumed", "Empezar de nuevo aunque haya una ejecución por seguir";
    FlagYes => "Answer every question with yes", "Responder que sí a toda pregunta";
    FlagOverwrite => "Replace files in an output folder, whoever wrote them", "Sustituir archivos en una carpeta de salida, los escribiera quien los escribiera";
    FlagIsolated => "Exit with CODE (0 if left out) when another run of the same holds the lock", "Salir con CODE (0 si se omite) cuando otra ejecución igual tiene el bloqueo";
    FlagWaitLock => "Wait so long for the lock", "Esperar tanto por el bloqueo";
    FlagTimeout => "End the run after so long, with all its tenants together", "Terminar la ejecución después de tanto, con todos sus inquilinos juntos";
    FlagVerbosity => "0 errors only, 1 results, 2 also the log and the receipt, 3 also debug lines", "0 solo errores, 1 resultados, 2 también el registro y el recibo, 3 también depuración";
    FlagVerbose => "The same as -v 2", "Lo mismo que -v 2";
    FlagQuiet => "The same as -v 0", "Lo mismo que -v 0";
    FlagJson => "JSON lines on stdout; the last one is the summary", "Líneas JSON en stdout; la última es el resumen";
    FlagNoColor => "No colours", "Sin colores";
    FlagForceColor => "Colours even where there is no terminal", "Colores aunque no haya terminal";
    FlagTraceback => "Show the command's own stack when it fails", "Mostrar la pila del comando cuando falla";
    FlagProgress => "How progress is shown: `bar`, `plain`, `json` or `none`", "Cómo se muestra el progreso: `bar`, `plain`, `json` o `none`";
    FlagLang => "The language: en or es", "El idioma: en o es";
    FlagDataDir => "The data directory", "El directorio de datos";
    FlagConfig => "The configuration file", "El archivo de configuración";
    FlagExplainExit => "Tell what an exit code means", "Decir qué significa un código de salida";
    FlagHelp => "Show this help", "Mostrar esta ayuda";

    // Verbs.
    VerbCommands => "List commands, show what one may do, grant and revoke permissions, add and remove versions", "Listar comandos, mostrar qué puede hacer uno, conceder y revocar permisos, añadir y retirar versiones";
    VerbCompletions => "Print what makes a shell complete commands, options and values", "Imprimir lo que un intérprete necesita para completar comandos, opciones y valores";
    VerbConfig => "Show the configuration in force, take over Django's", "Mostrar la configuración vigente, tomar la de Django";
    VerbDoctor => "Check this installation (its services: health_check)", "Comprobar esta instalación (sus servicios: health_check)";
    VerbHelp => "Show help", "Mostrar ayuda";
    VerbMigrate => "Bring Encargo's own schema up to date", "Poner al día el esquema de Encargo";
    VerbRun => "Run a command, whatever its name", "Ejecutar un comando, sea cual sea su nombre";
    VerbRuns => "List runs, show a run's receipt or its log", "Listar ejecuciones, mostrar el recibo o el registro de una";
    VerbBackups => "List backups, look into one, verify it", "Listar respaldos, mirar uno, verificarlo";
    VerbTenants => "List the tenants, give one up", "Listar los inquilinos, renunciar a uno";
    VerbUsers => "List the people who log in, set a password", "Listar a las personas que entran, fijar una contraseña";
    VerbVersion => "Show the version", "Mostrar la versión";
    CommandsList => "List all commands", "Listar todos los comandos";
    CommandsShow => "Show what a command may do", "Mostrar qué puede hacer un comando";
    CommandsAdd => "Add a version; with --tenant, of that tenant's own command", "Añadir una versión; con --tenant, de un comando propio suyo";
    CommandsVersions => "List the versions of a command", "Listar las versiones de un comando";
    CommandsRollback => "Go back to the version before", "Volver a la versión anterior";
    CommandsRemove => "Take an added command away, with its versions", "Retirar un comando añadido, con sus versiones";
    CommandFile => "The component, a file ending in .wasm", "El componente, un archivo que termina en .wasm";
    CommandsNew => "Make a command of one's own in a checkout", "Crear un comando propio en una copia del código";
    CommandMade => "`scripts/encargo {}` builds and runs it, and `scripts/test cases` runs its cases with all others", "`scripts/encargo {}` lo construye y lo ejecuta, y `scripts/test cases` ejecuta sus casos con todos los demás";
    CommandsGrant => "Grant a permission to a command", "Conceder un permiso a un comando";
    CommandsRevoke => "Take a permission from a command", "Quitar un permiso a un comando";
    ConfigShow => "Show every setting", "Mostrar cada ajuste";
    ConfigImport => "Take MANAGEMENT_COMMANDS of Django over", "Tomar MANAGEMENT_COMMANDS de Django";
    ConfigImportFile => "The Python file, which is read and never run", "El archivo de Python, que se lee y nunca se ejecuta";
    ConfigOrigin => "Also show where each comes from", "Mostrar también de dónde viene cada uno";
    MigratePlan => "Only show what would be done", "Solo mostrar qué se haría";
    MigrateRebuild => "Make a lost platform.db again: register the tenants by what their files say", "Rehacer un platform.db perdido: registrar los inquilinos según lo que dicen sus archivos";
    MigrateNewStore => "Make a new engine store in the place of a lost one: history, grants and revocations are lost", "Crear otro almacén del motor en lugar de uno perdido: se pierden historial, permisos concedidos y revocados";
    RunsList => "List runs, the newest first", "Listar ejecuciones, la más nueva primero";
    RunsShow => "Show a run's receipt", "Mostrar el recibo de una ejecución";
    RunsLogs => "Show a run's log", "Mostrar el registro de una ejecución";
    CompletionsShell => "The shell: bash, zsh, fish, elvish or powershell", "El intérprete: bash, zsh, fish, elvish o powershell";
    CompletionsFor => "completions for {}", "autocompletado para {}";
    RunsAll => "Also list the tenants' shares", "Listar también las partes de los inquilinos";
    RunsLimit => "At most so many", "Como mucho tantas";
    RunsCommand => "Only runs of this command", "Solo ejecuciones de este comando";
    RunsStatus => "Only runs with this status", "Solo ejecuciones con este estado";
    RunsLevel => "Only lines of this level or graver", "Solo líneas de este nivel o más graves";
    RunsId => "A run's id, the beginning of one, or `latest`", "El id de una ejecución, su principio, o `latest`";
    TenantsList => "List the tenants, and how the file of each is", "Listar los inquilinos y cómo está el archivo de cada uno";
    TenantsForget => "Take a tenant out of the list; what is left of its files stays where it is", "Quitar un inquilino de la lista; lo que quede de sus archivos sigue donde está";
    TenantsSlug => "The tenant", "El inquilino";
    UsersList => "List the people who log in", "Listar a las personas que entran";
    UsersSetPassword => "Set someone's password", "Fijar la contraseña de alguien";
    UsersPasswordFile => "Take the first line of this file instead of asking", "Tomar la primera línea de este archivo en vez de preguntar";
    UsersEmail => "Whose password", "De quién";
    CommandName => "A command's name", "El nombre de un comando";
    CommandPermission => "Such as read:chats", "Por ejemplo read:chats";

    // What verbs answer.
    Run => "run", "ejecución";
    Summary => "summary", "resumen";
    Version => "version", "versión";
    Tier => "tier", "rango";
    Scope => "scope", "ámbito";
    Name => "name", "nombre";
    Email => "email", "correo";
    Password => "password", "contraseña";
    Set => "set", "fijada";
    NotSet => "not set", "sin fijar";
    PasswordAsk => "new password of {}: ", "nueva contraseña de {}: ";
    PasswordRepeat => "again: ", "otra vez: ";
    PasswordSet => "set the password of {}", "se fijó la contraseña de {}";
    RunsFound => "runs: {}", "ejecuciones: {}";
    RunsNone => "no run is recorded that fits", "no hay ninguna ejecución registrada que corresponda";
    LogEmpty => "the run has no line in its log that fits", "la ejecución no tiene ninguna línea en su registro que corresponda";
    LogLines => "log lines: {}", "líneas de registro: {}";
    CommandsFound => "commands: {}", "comandos: {}";
    UsersFound => "users: {}", "usuarios: {}";
    UsersNone => "there is nobody yet; `encargo init_system` makes the administrator", "aún no hay nadie; `encargo init_system` crea la cuenta de administración";
    BackupsRepository => "The folder of the repository; by default as `backup_data` has it", "La carpeta del repositorio; por omisión, la de `backup_data`";
    BackupsKeyFile => "The file with the key; by default as `backup_data` has it", "El archivo con la clave; por omisión, el de `backup_data`";
    BackupsId => "The beginning of a backup's id, or `latest`, which is meant without one", "El principio del id de un respaldo, o `latest`, que se entiende si falta";
    BackupsList => "List the backups, the newest first", "Listar los respaldos, el más reciente primero";
    BackupsShow => "Show what a backup holds", "Mostrar lo que tiene un respaldo";
    BackupsVerify => "Read a backup whole and compare it with its manifest", "Leer un respaldo entero y compararlo con su manifiesto";
    BackupsDrill => "Restore a backup into a place of its own, look through it, and remember that it can be done", "Restaurar un respaldo en un lugar aparte, revisarlo y recordar que se puede";
    BackupsDrillId => "The beginning of a backup's id; the newest with rows without one", "El principio del id de un respaldo; el más reciente con filas si falta";
    KeyShown => "the key of the backups, shown this once: {} (it is in `{}`; keep a copy elsewhere)", "la clave de los respaldos, que se muestra solo esta vez: {} (está en `{}`; guarde una copia en otro sitio)";
    BackupDrilled => "{} was restored elsewhere and has no problems: {} files with {} rows in {}", "{} se restauró aparte y no tiene problemas: {} archivos con {} filas en {}";
    Drilled => "drilled (time to restore)", "ensayado (tiempo de restauración)";
    BackupsPrune => "Remove the backups that nothing keeps, never the newest", "Borrar los respaldos que nada conserva, nunca el más reciente";
    KeepLast => "Keep so many of the newest", "Conservar tantos de los más recientes";
    KeepDaily => "Keep the newest of each of so many days", "Conservar el más reciente de cada uno de tantos días";
    KeepWeekly => "Keep the newest of each of so many weeks", "Conservar el más reciente de cada una de tantas semanas";
    KeepMonthly => "Keep the newest of each of so many months", "Conservar el más reciente de cada uno de tantos meses";
    RetentionDays => "Keep all that are at most so many days older than the newest", "Conservar todos los que son a lo sumo tantos días anteriores al más reciente";
    StaysBecause => "stays because", "se queda por";
    BackupGone => "(removed)", "(borrado)";
    BackupsPruned => "removed backups: {}; kept: {}", "respaldos borrados: {}; conservados: {}";
    BackupsWouldGo => "dry run: backups that would be removed: {}; kept: {}", "simulacro: respaldos que se borrarían: {}; conservados: {}";
    BackupsKey => "Say where the key is, and whether it opens the backups", "Decir dónde está la clave, y si abre los respaldos";
    BackupsFound => "backups: {} at `{}`", "respaldos: {} en `{}`";
    BackupHolds => "{}, taken {}: {} files with {} rows", "{}, hecho {}: {} archivos con {} filas";
    BackupVerified => "{} is as it was stored: {} files, {}", "{} está como se guardó: {} archivos, {}";
    BackupsKeyIs => "the key `{}` opens the backups; keep a copy of it elsewhere, because nothing can be read without it", "la clave `{}` abre los respaldos; guarde una copia en otro sitio, porque sin ella no se puede leer nada";
    Backup => "backup", "respaldo";
    KindOf => "kind", "tipo";
    Bytes => "size", "tamaño";
    AddedBytes => "added", "añadido";
    RowsOf => "rows", "filas";
    TenantsFound => "tenants: {}", "inquilinos: {}";
    TenantsNone => "there is no tenant yet; `encargo init_system` makes one", "aún no hay ningún inquilino; `encargo init_system` crea uno";
    LanguageOf => "language", "idioma";
    TimeZone => "time zone", "zona horaria";
    DefaultOne => "default", "por omisión";
    Yes => "yes", "sí";
    No => "no", "no";
    FileOk => "ok", "bien";
    FileMissing => "missing", "falta";
    FileEmpty => "no bytes", "sin bytes";
    FileForeign => "not its own", "ajeno";
    FileDamaged => "damaged", "dañado";
    FileOutdated => "to be migrated", "por migrar";
    FileUnusable => "cannot be used", "no se puede usar";
    ForgetAsk => "Forget the tenant `{}` and who works with it?", "¿Olvidar el inquilino `{}` y quién trabaja con él?";
    Forgotten => "forgot the tenant `{}`", "se olvidó el inquilino `{}`";
    LeftThere => "left where it is: {}", "queda donde está: {}";
    RegisteredAgain => "registered `{}` again", "se registró `{}` de nuevo";
    NotRegistered => "not registered: `{}`: {}", "no se registró `{}`: {}";
    LostWithPlatform => "lost with the old `platform.db`: the people and their passwords, who works with which tenant, the tenants' names, languages and time zones, which one is the default, and which ones were forgotten", "se perdieron con el `platform.db` anterior: las personas y sus contraseñas, quién trabaja con qué inquilino, los nombres, idiomas y zonas horarias de los inquilinos, cuál es el predeterminado y cuáles se habían olvidado";
    LostWithEngineStore => "lost with the old engine store: the history of runs, what was granted, and what was revoked; what was revoked from a packaged command is granted again until it is revoked again, and placed commands may do nothing until it is granted", "se perdieron con el almacén del motor anterior: el historial de ejecuciones, lo concedido y lo revocado; lo revocado a un comando incluido vuelve a estar concedido hasta que se revoque de nuevo, y los comandos añadidos no pueden nada hasta que se les conceda";
    BrokenCommand => "`{}` is not offered: {}", "`{}` no se ofrece: {}";
    CardMay => "may", "puede";
    CardReaches => "ask `{}` ({}) at {}", "preguntar a `{}` ({}) en {}";
    CardMayNot => "may not", "no puede";
    CardRevoked => "requested but not granted", "pedido pero no concedido";
    CardAsks => "asks to be allowed to", "pide poder";
    CardMore => "more than the version before", "más que la versión anterior";
    CardLess => "no longer asked for", "ya no lo pide";
    CardNothing => "nothing of the platform", "nada de la plataforma";
    ScopeTenant => "runs inside one tenant", "se ejecuta dentro de un inquilino";
    ScopeSystem => "runs over the installation", "se ejecuta sobre la instalación";
    ScopeEither => "runs inside one tenant or over the installation", "se ejecuta dentro de un inquilino o sobre la instalación";
    CardEffect => "effect", "efecto";
    EffectReadOnly => "reads only", "solo lee";
    EffectChanges => "adds and changes", "añade y cambia";
    EffectDestroys => "removes", "borra";
    Source => "source", "origen";
    Granted => "`{}` may {}", "`{}` puede {}";
    GrantedAlready => "`{}` already may {}", "`{}` ya puede {}";
    Revoked => "`{}` may no longer {}; grant it again with `encargo commands grant {} {}`", "`{}` ya no puede {}; se concede de nuevo con `encargo commands grant {} {}`";
    RevokedAlready => "`{}` is already not granted to {}", "`{}` ya no tenía concedido {}";
    Digest => "digest", "huella";
    When => "when", "cuándo";
    State => "state", "estado";
    Permissions => "permissions", "permisos";
    SamePermissions => "as before", "como antes";
    StateInForce => "in force", "vigente";
    StateWaiting => "waiting", "en espera";
    StateEarlier => "earlier", "anterior";
    StateRolledBack => "rolled back", "deshecha";
    StateNotAdded => "not added", "sin añadir";
    WaitsBefore => "(waiting) {}", "(en espera) {}";
    NoneOfTenant => "the tenant has no command of its own", "el inquilino no tiene comandos propios";
    VersionsFound => "versions of `{}`: {}", "versiones de `{}`: {}";
    VersionInForce => "`{}`: the version {} is in force", "`{}`: la versión {} está vigente";
    VersionWaits => "`{}`: the version {} waits until what it asks for is decided; `{}` allows it", "`{}`: la versión {} espera a que se decida lo que pide; `{}` lo permite";
    VersionStays => "until then {} stays in force", "hasta entonces sigue vigente {}";
    AddedAlready => "`{}` has the version {} already", "`{}` ya tiene la versión {}";
    AddDryRun => "dry run: `{}` was checked and not added", "simulacro: `{}` se comprobó y no se añadió";
    AddOverAsk => "Add `{}` in the place of the packaged command of that name?", "¿Añadir `{}` en lugar del comando incluido de ese nombre?";
    RemovedCommand => "removed `{}`; its runs stay recorded", "se retiró `{}`; sus ejecuciones siguen registradas";
    RemovedPackaged => "removed the added `{}`; the packaged one runs again", "se retiró el `{}` añadido; vuelve a ejecutarse el incluido";
    UpToDate => "everything is up to date", "todo está al día";
    WouldMigrate => "{}: version {} to {}", "{}: versión {} a {}";
    Migrated => "files brought up to date: {}", "archivos puestos al día: {}";
    ToMigrate => "files to bring up to date: {}", "archivos por poner al día: {}";
    AllWell => "everything is well", "todo está bien";
    ProblemsFound => "problems: {}", "problemas: {}";
    ConfigRead => "read from {}", "leído de {}";
    OfCommand => "by `{}`: {}", "de `{}`: {}";
    SettingAdded => "added, {} line {}", "añadido, {} línea {}";
    SettingChanged => "changed, {} line {}", "cambiado, {} línea {}";
    SettingUnchanged => "as it was, {} line {}", "como estaba, {} línea {}";
    SettingLeftOut => "left out: `None` is the default, {} line {}", "se omite: `None` es el valor por omisión, {} línea {}";
    ImportsLater => "`{}` line {} takes all names of another file, which is not read and may assign the dict again", "`{}` línea {} toma todos los nombres de otro archivo, que no se lee y puede asignar el diccionario de nuevo";
    Imported => "{} settings taken over into `{}`", "{} ajustes llevados a `{}`";
    ImportedNothing => "nothing to take over: `{}` is as it was", "nada que llevar: `{}` está como estaba";
    WouldImport => "dry run: {} settings would be taken over into `{}`", "simulacro: se llevarían {} ajustes a `{}`";
    Settings => "settings: {}", "ajustes: {}";
}

impl Word {
    /// The words in both languages, with each `{}` filled in.
    pub(crate) fn text(self, parts: &[&dyn Display]) -> Text {
        Text::both(self.with(Language::En, parts), self.with(Language::Es, parts))
    }

    /// The words with each `{}` filled in; what is filled in goes on indented after a line break.
    pub(crate) fn with(self, language: Language, parts: &[&dyn Display]) -> String {
        let mut pieces = self.get(language).split("{}");
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for (piece, part) in pieces.zip(parts) {
            text.push_str(&visible(&part.to_string()));
            text.push_str(piece);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_in_both_languages_with_the_same_gaps() {
        for word in Word::ALL {
            let (en, es) = (word.get(Language::En), word.get(Language::Es));
            assert!(!en.is_empty() && !es.is_empty(), "{word:?}");
            assert_eq!(en.matches("{}").count(), es.matches("{}").count(), "{word:?}");
            assert_eq!(en.matches('`').count(), es.matches('`').count(), "{word:?}");
        }
    }

    #[test]
    fn gaps_are_filled_in_order() {
        assert_eq!(Word::Wrote.with(Language::Es, &[&"a.csv", &"1 B"]), "escrito a.csv (1 B)");
        assert_eq!(Word::Wrote.with(Language::En, &[&"{}", &"1 B"]), "wrote {} (1 B)");
    }
}
