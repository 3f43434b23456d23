//! What a backend answers when something could not be done: what a command is told, and the cause for the operator.

use std::error::Error;
use std::sync::Arc;

use encargo_model::{CommandError, ErrorCode, Language, Permission, Text, Worded, english_display, text};

use crate::PlatformError;

/// Why something could not be done.
///
/// A command gets the code and the sentence, which never has a database's own words or a physical name in it. Its
/// [`source`](Error::source) is what the system or the database said, for the operator alone.
#[derive(Debug, Clone)]
pub struct BackendError {
    /// What went wrong, for a program to decide on.
    pub code: ErrorCode,
    /// One sentence, without a full stop.
    pub message: Text,
    /// Whether the same call may succeed a little later.
    pub retryable: bool,
    /// The permission that would have allowed it.
    missing: Option<Box<Permission>>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl BackendError {
    /// An error that will not go away by itself.
    pub fn new(code: ErrorCode, message: Text) -> Self {
        Self { code, message, retryable: false, missing: None, cause: None }
    }

    /// A denial for want of a permission.
    pub fn denied(permission: Permission, message: Text) -> Self {
        Self { missing: Some(Box::new(permission)), ..Self::new(ErrorCode::Denied, message) }
    }

    /// The permission for want of which it was denied.
    pub fn missing(&self) -> Option<&Permission> {
        self.missing.as_deref()
    }

    /// An error that may be gone at the next try.
    pub fn retryable(code: ErrorCode, message: Text) -> Self {
        Self { retryable: true, ..Self::new(code, message) }
    }

    /// The same with what the system or the database said.
    #[must_use]
    pub fn because(self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { cause: Some(Arc::from(cause.into())), ..self }
    }

    /// What the system or the database said, in one line with what lies below it; what is wrong with a file of the
    /// platform is the host's own sentence.
    pub fn cause(&self) -> Option<Text> {
        let cause = self.cause.as_deref()?;
        if let Some(of_platform) = cause.downcast_ref::<PlatformError>() {
            return Some(of_platform.text());
        }
        let mut next: &dyn Error = cause;
        let mut said = next.to_string();
        while let Some(below) = next.source() {
            said = format!("{said}: {below}");
            next = below;
        }
        Some(Text::quoted(said))
    }

    /// The sentence and its cause, for the operator.
    pub fn in_full(&self) -> Text {
        match self.cause() {
            None => self.message.clone(),
            Some(cause) => text!("{message} ({cause})", "{message} ({cause})", message = self, cause = cause),
        }
    }

    /// The same with another sentence, which is made of this one's.
    #[must_use]
    pub fn reworded(self, word: impl FnOnce(&Text) -> Text) -> Self {
        Self { message: word(&self.message), ..self }
    }

    /// What a command is told, in the language of its run.
    pub fn said(self, language: Language) -> CommandError {
        let message = self.message.get(language).to_owned();
        CommandError { code: self.code, message, retryable: self.retryable }
    }
}

impl Worded for BackendError {
    fn text(&self) -> Text {
        self.message.clone()
    }
}

english_display!(BackendError);

impl Error for BackendError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

/// Two are the same that tell a command the same.
impl PartialEq for BackendError {
    fn eq(&self, other: &Self) -> bool {
        (self.code, &self.message, self.retryable) == (other.code, &other.message, other.retryable)
    }
}

impl Eq for BackendError {}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_command_is_told_the_sentence_and_the_operator_the_cause() {
        let plain =
            BackendError::new(ErrorCode::Unavailable, text!("the rows cannot be used", "no se pueden usar las filas"));
        let error = plain.clone().because(io::Error::other("disk I/O error in /data/tenants/1.db"));
        let cause = Text::quoted("disk I/O error in /data/tenants/1.db");
        assert_eq!((&error, error.cause()), (&plain, Some(cause)));
        assert_eq!(error.in_full().en, "the rows cannot be used (disk I/O error in /data/tenants/1.db)");
        assert_eq!((plain.cause(), plain.in_full()), (None, plain.text()));
        let told = Language::ALL.map(|language| error.clone().said(language).message);
        assert_eq!(told, ["the rows cannot be used", "no se pueden usar las filas"]);
        let held = plain.because(PlatformError::Busy { path: "1.db".into() });
        let told = "no se pueden usar las filas (otro proceso está usando `1.db`; inténtelo de nuevo cuando termine)";
        assert_eq!(held.in_full().get(Language::Es), told);
    }
}
