//! Issues of settings, events of the analytics and lines of the log.

super::issues! {
    SETTING_JSON = Settings Error "settings.E001"
        means => ("the value of a setting is not JSON", "el valor de un ajuste no es JSON"),
        advice => ("write it again; a text stands in double quotes", "escríbalo de nuevo; un texto va entre comillas dobles");
    SETTING_TYPE = Settings Error "settings.E002"
        means => ("a setting that Encargo reads has a value of another type or out of range",
            "un ajuste que Encargo lee tiene un valor de otro tipo o fuera de rango"),
        advice => ("write it as the help of its command says", "escríbalo como dice la ayuda de su comando");
    SILENCE = Settings Error "settings.E003"
        means => ("a silence has no known issue, no reason or no date, so it does not count",
            "un silencio no tiene un problema conocido, una razón o una fecha, así que no cuenta"),
        advice => ("write each as `{{\"issue\": .., \"reason\": .., \"until\": \"2027-01-31\"}}`",
            "escriba cada uno como `{{\"issue\": .., \"reason\": .., \"until\": \"2027-01-31\"}}`");
    SETTING_NAME = Settings Warning "settings.W004"
        means => ("no command can read a setting of this name", "ningún comando puede leer un ajuste con este nombre"),
        advice => ("use letters, digits, `_`, `.` and `-`", "use letras, cifras, `_`, `.` y `-`");
    SETTING_ENCODING = Settings Error "settings.E005"
        means => ("the value of a setting was read in the wrong encoding, or has control characters",
            "el valor de un ajuste se leyó en otra codificación, o tiene caracteres de control"),
        advice => ("write it again", "escríbalo de nuevo");
    SECRET = Settings Warning "settings.W006"
        means => ("a setting whose name is that of a secret holds a text that every reader of settings sees",
            "un ajuste con nombre de secreto guarda un texto que ve quien lea los ajustes"),
        advice => ("keep it outside the settings, and change it: exports and backups hold it",
            "guárdelo fuera de los ajustes y cámbielo: está en exportaciones y copias");
    EVENT_CHAT = Analytics Warning "analytics.W001" (fixable)
        means => ("an event names a chat that is not there and was never deleted",
            "un evento nombra un chat que no existe y nunca se borró"),
        advice => ("`--fix-issues` empties it", "`--fix-issues` lo vacía");
    EVENT_AGENT = Analytics Warning "analytics.W002" (fixable)
        means => ("an event names an agent that is not there and was never deleted",
            "un evento nombra un agente que no existe y nunca se borró"),
        advice => ("`--fix-issues` empties it", "`--fix-issues` lo vacía");
    PROPERTIES = Analytics Error "analytics.E003"
        means => ("the properties of an event are not a JSON object", "las propiedades de un evento no son un objeto JSON"),
        advice => ("write them again; none are `{{}}`", "escríbalas de nuevo; ninguna es `{{}}`");
    EVENT_ENCODING = Analytics Error "analytics.E004"
        means => ("a text of an event was read in the wrong encoding, or has control characters",
            "un texto de un evento se leyó en otra codificación, o tiene caracteres de control"),
        advice => ("correct what sends it, and the row", "corrija quien lo envía, y la fila");
    EVENT_NAME = Analytics Error "analytics.E005"
        means => ("an event has no name", "un evento no tiene nombre"),
        advice => ("name it, or remove it: no report counts it", "póngale nombre, o bórrelo: ningún informe lo cuenta");
    EXPIRES_BEFORE = Logs Error "logs.E001"
        means => ("a line of the log expired before it was written", "una línea del registro caducó antes de escribirse"),
        advice => ("correct what writes it; the next cleanup deletes it", "corrija quien la escribe; la próxima limpieza la borra");
    CONTEXT = Logs Error "logs.E002"
        means => ("the context of a line of the log is not a JSON object", "el contexto de una línea del registro no es un objeto JSON"),
        advice => ("correct what writes it; none is `{{}}`", "corrija quien la escribe; ninguno es `{{}}`");
    LOG_ENCODING = Logs Error "logs.E003"
        means => ("a line of the log was read in the wrong encoding", "una línea del registro se leyó en otra codificación"),
        advice => ("correct what writes it", "corrija quien la escribe");
}
