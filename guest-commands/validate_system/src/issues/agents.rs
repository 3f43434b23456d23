//! Issues of agents, tools and which agent has which tool.

super::issues! {
    LINK_WITHOUT_AGENT = Agents Error "agents.E001"
        means => ("an agent that is not there has a tool", "un agente que no existe tiene una herramienta"),
        advice => ("remove the row of `agent_tools`, or restore the agent from a backup",
            "borre la fila de `agent_tools`, o recupere el agente de una copia de seguridad");
    LINK_WITHOUT_TOOL = Agents Error "agents.E002"
        means => ("an agent has a tool that is not there", "un agente tiene una herramienta que no existe"),
        advice => ("remove the row of `agent_tools`, or restore the tool from a backup",
            "borre la fila de `agent_tools`, o recupere la herramienta de una copia de seguridad");
    TOOL_CONFIGURATION = Agents Error "agents.E003"
        means => ("the configuration of a tool is not a JSON object", "la configuración de una herramienta no es un objeto JSON"),
        advice => ("write it again; an empty one is `{{}}`", "escríbala de nuevo; una vacía es `{{}}`");
    UNNAMED = Agents Error "agents.E004"
        means => ("an agent or a tool has no slug or no name", "un agente o una herramienta no tiene slug o no tiene nombre"),
        advice => ("give it one: nobody can choose it", "póngaselo: nadie puede elegirlo");
    SAME_SLUG = Agents Error "agents.E005"
        means => ("two agents or two tools have the same slug", "dos agentes o dos herramientas tienen el mismo slug"),
        advice => ("give the newer one another slug", "dele otro slug al más reciente");
    SAME_NAME = Agents Warning "agents.W006"
        means => ("two agents have the same name but for capitals", "dos agentes tienen el mismo nombre salvo mayúsculas"),
        advice => ("rename one: people cannot tell them apart", "cambie el nombre de uno: nadie los distingue");
    ENCODING = Agents Error "agents.E007"
        means => ("a text of an agent or a tool was read in the wrong encoding, or has control characters",
            "un texto de un agente o de una herramienta se leyó en otra codificación, o tiene caracteres de control"),
        advice => ("write the text again", "escriba el texto de nuevo");
    TIME_ORDER = Agents Error "agents.E008"
        means => ("an agent or a tool was changed before it was made", "un agente o una herramienta cambió antes de crearse"),
        advice => ("correct `created_at` or `updated_at`; exports by time leave it out",
            "corrija `created_at` o `updated_at`; las exportaciones por tiempo lo dejan fuera");
    LANGUAGE = Agents Warning "agents.W009"
        means => ("the language of an agent is not a language tag", "el idioma de un agente no es una etiqueta de idioma"),
        advice => ("write it as `es` or `en-GB`", "escríbalo como `es` o `en-GB`");
    CROSSED = Agents Critical "agents.C012"
        means => ("an agent has a tool of another tenant", "un agente tiene una herramienta de otro inquilino"),
        advice => ("find out what wrote it before anything is changed: one tenant may have seen another's data",
            "averigüe qué lo escribió antes de cambiar nada: un inquilino pudo ver datos de otro");
}
