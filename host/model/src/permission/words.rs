//! Permissions in words, for people.

use super::{ARGUMENTS, INSPECTIONS, Permission, TableAction};
use crate::{Text, text};

impl TableAction {
    /// What is done, to follow "may".
    fn words(self) -> Text {
        match self {
            Self::Read => text!("read", "leer"),
            Self::Insert => text!("add", "añadir"),
            Self::Update => text!("change", "cambiar"),
            Self::Delete => text!("delete", "borrar"),
        }
    }
}

impl Permission {
    /// The permission in words, to follow "may".
    pub fn words(&self) -> Text {
        match self {
            Self::Table { action, relation } => {
                text!("{verb} {relation}", "{verb} {relation}", verb = action.words())
            }
            Self::ListFiles(root) => text!("read the files of `{root}`", "leer los archivos de `{root}`"),
            Self::CreateFiles(root) => text!("add files to `{root}`", "añadir archivos a `{root}`"),
            Self::RemoveFiles(root) => text!("remove files of `{root}`", "borrar archivos de `{root}`"),
            Self::MoveFiles(root) if root == ARGUMENTS => text!(
                "move files of the folders that it is given into folders inside them",
                "mover archivos de las carpetas que se le indican a carpetas dentro de ellas"
            ),
            Self::MoveFiles(root) => text!(
                "move files of `{root}` into folders inside it",
                "mover archivos de `{root}` a carpetas dentro de ella"
            ),
            Self::Check(name) if name == INSPECTIONS[0] => {
                text!("inspect how rows are stored", "inspeccionar cómo están guardadas las filas")
            }
            Self::Check(name) if name == INSPECTIONS[1] => {
                text!("inspect the commands and their grants", "inspeccionar los comandos y sus permisos")
            }
            Self::Check(name) if name == INSPECTIONS[2] => text!(
                "see how much of the rows' storage is empty",
                "ver cuánto del almacenamiento de las filas está vacío"
            ),
            Self::Check(name) if name == INSPECTIONS[3] => {
                text!(
                    "see what runs and the statements of commands took",
                    "ver lo que costaron las ejecuciones y las sentencias de los comandos"
                )
            }
            Self::Check(name) if name == INSPECTIONS[4] => {
                text!("see what processes that are gone left behind", "ver lo que dejaron procesos que ya no están")
            }
            Self::Check(name) if name == INSPECTIONS[5] => {
                text!("see how busy the machine is", "ver lo ocupada que está la máquina")
            }
            Self::Check(name) if name == INSPECTIONS[6] => {
                text!("see what its own process uses", "ver lo que usa su propio proceso")
            }
            Self::Check(name) if name == INSPECTIONS[7] => {
                text!("see how many runs there are and how they ended", "ver cuántas ejecuciones hay y cómo terminaron")
            }
            Self::Check(service) => text!("check {service}", "comprobar {service}"),
            Self::ReadSettings(names) => text!("read the setting `{names}`", "leer el ajuste `{names}`"),
            Self::TakeBackup => text!(
                "store a backup of tenants and of the installation",
                "guardar un respaldo de inquilinos y de la instalación"
            ),
            Self::RestoreBackup => text!(
                "replace what tenants and the installation have by a backup",
                "reemplazar lo que tienen los inquilinos y la instalación por un respaldo"
            ),
            Self::OptimizeDatabase => text!(
                "put the storage of tenants' rows in order",
                "poner en orden el almacenamiento de las filas de los inquilinos"
            ),
            Self::EndOrphans => text!(
                "end what processes that are gone left behind",
                "terminar lo que dejaron procesos que ya no están"
            ),
            Self::KeepCopy => text!("keep a copy of the tenant's rows", "guardar una copia de las filas del inquilino"),
            Self::ListTenants => {
                text!("see the tenants and open them one at a time", "ver los inquilinos y abrirlos de uno en uno")
            }
            Self::CreateTenants => text!("create tenants", "crear inquilinos"),
            Self::EnsureAdmin => text!("create the administrator", "crear la cuenta de administración"),
        }
    }
}
