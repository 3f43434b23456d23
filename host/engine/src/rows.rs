//! The tenants whose rows a run has open, one to work in and one beside it to read, and the handles that the guest has.

use std::rc::Rc;

use encargo_backends::{BackendError, Database};
use encargo_model::{ErrorCode, text};

/// A tenant's rows that were opened, by the number of the opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening(u64);

/// Where a tenant's rows are opened: each seat has one tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seat {
    /// The tenant that is worked in.
    Main,
    /// Another one, for reading alone.
    Beside,
}

/// What is open. A guest in a language that drops late keeps handles on tenants that it is done with, so a handle is only
/// a number: the rows behind it are closed when the next tenant is opened.
pub(crate) struct Rows<T = Database> {
    openings: u64,
    open: [Option<Open<T>>; 2],
}

struct Open<T> {
    opening: Opening,
    slug: String,
    rows: Rc<T>,
}

/// Whether a transaction or a stream is open on rows.
pub(crate) trait Idle {
    fn check_idle(&self) -> Result<(), BackendError>;
}

impl Idle for Database {
    fn check_idle(&self) -> Result<(), BackendError> {
        Self::check_idle(self)
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { openings: 0, open: [None, None] }
    }
}

impl<T: Idle> Rows<T> {
    /// The rows that are open in a seat, when they are this tenant's.
    ///
    /// # Errors
    /// `transaction-open` when another tenant's are open and cannot be closed yet.
    pub(crate) fn of(&self, seat: Seat, slug: &str) -> Result<Option<Rc<T>>, BackendError> {
        match &self.open[seat as usize] {
            None => Ok(None),
            Some(open) if open.slug == slug => Ok(Some(Rc::clone(&open.rows))),
            Some(open) => match open.rows.check_idle() {
                Ok(()) => Ok(None),
                Err(error) => Err(error.reworded(|problem| {
                    text!(
                        "one tenant is open at a time, and in `{}` {problem}",
                        "solo hay un inquilino abierto a la vez, y en `{}` {problem}",
                        problem = problem;
                        open.slug
                    )
                })),
            },
        }
    }

    /// Takes the place of what was open in a seat.
    pub(crate) fn put(&mut self, seat: Seat, slug: &str, rows: &Rc<T>) {
        self.openings += 1;
        let opening = Opening(self.openings);
        self.open[seat as usize] = Some(Open { opening, slug: slug.to_owned(), rows: Rc::clone(rows) });
    }

    /// The number that stands for the rows that are open in a seat.
    pub(crate) fn opening(&self, seat: Seat) -> Option<Opening> {
        self.open[seat as usize].as_ref().map(|open| open.opening)
    }

    /// Passes when no transaction and no stream is open in this tenant.
    ///
    /// # Errors
    /// `transaction-open`.
    pub(crate) fn check_idle(&self, slug: &str) -> Result<(), BackendError> {
        self.open.iter().flatten().filter(|open| open.slug == slug).try_for_each(|open| open.rows.check_idle())
    }

    /// The rows behind a handle.
    ///
    /// # Errors
    /// `invalid` when another tenant was opened since.
    pub(crate) fn get(&self, opening: Opening) -> Result<&T, BackendError> {
        match self.open.iter().flatten().find(|open| open.opening == opening) {
            Some(open) => Ok(&open.rows),
            None => {
                let message = text!(
                    "this tenant was closed when another one was opened: one is open at a time",
                    "este inquilino se cerró al abrir otro: solo hay uno abierto a la vez"
                );
                Err(BackendError::new(ErrorCode::Invalid, message))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fake(Result<(), BackendError>);

    impl Idle for Fake {
        fn check_idle(&self) -> Result<(), BackendError> {
            self.0.clone()
        }
    }

    fn rows(open: &str, idle: Result<(), BackendError>) -> Rows<Fake> {
        let mut rows = Rows::default();
        rows.put(Seat::Main, open, &Rc::new(Fake(idle)));
        rows
    }

    #[test]
    fn a_handle_is_over_when_another_tenant_is_opened() {
        let mut rows = rows("acme", Ok(()));
        let first = rows.opening(Seat::Main).unwrap();
        assert!(rows.get(first).is_ok() && rows.of(Seat::Main, "acme").unwrap().is_some());
        assert!(rows.of(Seat::Main, "beta").unwrap().is_none());
        rows.put(Seat::Main, "beta", &Rc::new(Fake(Ok(()))));
        assert_eq!(rows.get(first).map(|_| ()).unwrap_err().code, ErrorCode::Invalid);
        assert!(rows.get(rows.opening(Seat::Main).unwrap()).is_ok());
        assert!(Rows::<Fake>::default().get(first).is_err());
    }

    #[test]
    fn a_tenant_with_an_open_transaction_keeps_others_from_being_opened_and_not_itself() {
        let open = text!("a transaction is open; end it first", "hay una transacción abierta; termínela antes");
        let busy = BackendError::new(ErrorCode::TransactionOpen, open);
        let rows = rows("acme", Err(busy));
        assert!(rows.of(Seat::Main, "acme").unwrap().is_some());
        let refused = rows.of(Seat::Main, "beta").map(|_| ()).unwrap_err();
        assert_eq!(refused.code, ErrorCode::TransactionOpen);
        let words = "one tenant is open at a time, and in `acme` a transaction is open; end it first";
        assert_eq!(refused.message.en, words);
        assert_eq!(rows.check_idle("acme").unwrap_err().code, ErrorCode::TransactionOpen);
        assert!(rows.check_idle("beta").is_ok());
    }

    #[test]
    fn the_two_seats_do_not_touch_each_other() {
        let mut rows = rows("acme", Ok(()));
        let main = rows.opening(Seat::Main).unwrap();
        assert!(rows.opening(Seat::Beside).is_none() && rows.of(Seat::Beside, "acme").unwrap().is_none());
        rows.put(Seat::Beside, "beta", &Rc::new(Fake(Ok(()))));
        let beside = rows.opening(Seat::Beside).unwrap();
        assert!(main != beside && rows.get(main).is_ok() && rows.get(beside).is_ok());
        rows.put(Seat::Beside, "gamma", &Rc::new(Fake(Ok(()))));
        assert!(rows.get(main).is_ok() && rows.get(beside).is_err());
    }
}
