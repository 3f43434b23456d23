//! The descriptions at a component's top level, found by stepping from section to section by their sizes: of a large
//! component little is read.

use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;

use encargo_model::{Text, text};

use crate::{MOST_BYTES, PackError, SECTION};

/// The version and the layer of a component, behind the four bytes of every WebAssembly file.
const COMPONENT: [u8; 4] = [0x0d, 0, 1, 0];
/// How much is read at once: the headers of small sections lie side by side.
const AT_ONCE: usize = 4 << 10;

/// An `encargo:command` section at the top level.
#[derive(Debug)]
pub(crate) struct Section {
    /// The bytes that it takes in the component, with its header.
    pub(crate) range: Range<usize>,
    /// Its contents.
    pub(crate) json: Vec<u8>,
}

/// Every such section, in its order.
pub(crate) fn sections(component: impl Read + Seek) -> Result<Vec<Section>, PackError> {
    let mut reader = Reader { inner: BufReader::with_capacity(AT_ONCE, component), at: 0, length: 0 };
    reader.length = reader.inner.seek(SeekFrom::End(0))?;
    reader.inner.rewind()?;
    reader.head()?;
    let mut found = Vec::new();
    while reader.at < reader.length {
        found.extend(reader.section()?);
    }
    Ok(found)
}

struct Reader<R> {
    inner: BufReader<R>,
    at: u64,
    length: u64,
}

impl<R: Read + Seek> Reader<R> {
    fn head(&mut self) -> Result<(), PackError> {
        if self.length < 4 || self.bytes(4)? != *b"\0asm" {
            return Err(PackError::NotWebAssembly);
        }
        match self.bytes(4)?[..] {
            [_, _, 0, 0] => Err(PackError::CoreModule),
            ref head if *head == COMPONENT => Ok(()),
            _ => Err(self.damaged(text!("its version is none that is known", "su versión no es ninguna conocida"))),
        }
    }

    /// Steps over one section; a description is taken.
    fn section(&mut self) -> Result<Option<Section>, PackError> {
        let start = self.at;
        let id = self.byte()?;
        let size = self.number()?;
        let end = self.at + size;
        if end > self.length {
            return Err(self.damaged(text!(
                "a section ends behind the end of the file",
                "una sección acaba después del fin del archivo"
            )));
        }
        let mut found = None;
        // A custom section begins with its name.
        if id == 0 {
            let name = self.number()?;
            if self.at + name > end {
                return Err(self.damaged(text!(
                    "the name of a section ends behind the section",
                    "el nombre de una sección acaba después de la sección"
                )));
            }
            if name == SECTION.len() as u64 && self.bytes(name)? == SECTION.as_bytes() {
                let range = whole(start)..whole(end);
                let length = end - self.at;
                if length > MOST_BYTES as u64 {
                    return Err(PackError::TooLarge(whole(length)));
                }
                found = Some(Section { range, json: self.bytes(length)? });
            }
        }
        let rest = i64::try_from(end - self.at).unwrap_or(i64::MAX);
        self.inner.seek_relative(rest)?;
        self.at = end;
        Ok(found)
    }

    fn byte(&mut self) -> Result<u8, PackError> {
        let Some(&byte) = self.inner.fill_buf()?.first() else {
            return Err(self.damaged(text!(
                "the file ends within the head of a section",
                "el archivo acaba dentro de la cabecera de una sección"
            )));
        };
        self.inner.consume(1);
        self.at += 1;
        Ok(byte)
    }

    /// A number of up to 32 bits, seven to a byte and the least significant first.
    fn number(&mut self) -> Result<u64, PackError> {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 && number <= u64::from(u32::MAX) {
                return Ok(number);
            }
        }
        Err(self.damaged(text!("a size has more than 32 bits", "un tamaño tiene más de 32 bits")))
    }

    /// So many bytes, of which a caller knows that they are few.
    fn bytes(&mut self, count: u64) -> Result<Vec<u8>, PackError> {
        let mut bytes = Vec::new();
        self.inner.by_ref().take(count).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != count {
            return Err(self.damaged(text!("the file ends too early", "el archivo acaba demasiado pronto")));
        }
        self.at += count;
        Ok(bytes)
    }

    fn damaged(&self, problem: Text) -> PackError {
        PackError::Damaged { offset: whole(self.at), problem }
    }
}

/// Places in a file whose bytes could all be held in memory.
fn whole(place: u64) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io::{self, Cursor};
    use std::rc::Rc;

    use wasm_encoder::{Component, CustomSection};

    use super::*;

    /// Counts what is read of a file.
    struct Counting {
        inner: Cursor<Vec<u8>>,
        read: Rc<Cell<usize>>,
    }

    impl Read for Counting {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = self.inner.read(buffer)?;
            self.read.set(self.read.get() + read);
            Ok(read)
        }
    }

    impl Seek for Counting {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.inner.seek(to)
        }
    }

    fn custom<'a>(name: &'a str, data: &'a [u8]) -> CustomSection<'a> {
        CustomSection { name: name.into(), data: data.into() }
    }

    #[test]
    fn little_is_read_of_a_large_component() {
        let large = vec![7; 20 << 20];
        let mut component = Component::new();
        component.section(&custom("debug", &large)).section(&custom(SECTION, b"{}")).section(&custom("more", &large));
        let component = component.finish();
        let read = Rc::new(Cell::new(0));
        let file = Counting { inner: Cursor::new(component.clone()), read: Rc::clone(&read) };
        let found = sections(file).unwrap();
        let [Section { range, json }] = &found[..] else { panic!("{found:?}") };
        assert_eq!(json, b"{}");
        assert!(component[range.clone()].ends_with(b"encargo:command{}") && range.len() == 20);
        assert!(read.get() <= 4 * AT_ONCE, "{} bytes were read", read.get());
    }

    #[test]
    fn sizes_that_lie_are_refused() {
        for (section, problem) in [
            (&[1, 0xff, 0xff, 0xff, 0xff, 0x0f][..], "a section ends behind the end of the file"),
            (&[1, 0xff, 0xff, 0xff, 0xff, 0x1f], "a size has more than 32 bits"),
            (&[1, 0x80, 0x80, 0x80, 0x80, 0x80, 0], "a size has more than 32 bits"),
            (&[0, 1, 2], "the name of a section ends behind the section"),
            (&[0, 0x80], "the file ends within the head of a section"),
        ] {
            let component = [b"\0asm\x0d\0\x01\0", section].concat();
            let refused = sections(Cursor::new(component)).unwrap_err().to_string();
            assert!(refused.contains(problem), "{refused}");
        }
        let refused = sections(Cursor::new(b"\0asm\x0e\0\x01\0")).unwrap_err().to_string();
        assert!(refused.contains("its version is none that is known"), "{refused}");
    }
}
