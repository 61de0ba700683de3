//! A bounded reader of comma-separated text after RFC 4180: quoted fields, doubled quotes, line
//! ends inside quotes, CRLF or LF. Semicolons are taken where the header has them, since that is
//! what office programs write under a locale with decimal commas.

/// Lines of one table.
pub(super) const ROWS_MAX: usize = 20_000;
/// Fields of one line.
pub(super) const FIELDS_MAX: usize = 64;
/// Bytes of one field.
pub(super) const FIELD_BYTES_MAX: usize = 4_000;

/// One line of a table with the number it has in the file, from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) fields: Vec<String>,
}

/// What is wrong with a table as a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A quote that never ends, opened on this line.
    OpenQuote(usize),
    /// A line beyond the bounds above.
    TooLarge(usize),
}

/// Reads the whole table; empty lines are left out.
pub(super) fn read(text: &str) -> Result<Vec<Row>, Fault> {
    let separator = separator(text);
    let mut reader = Reader {
        rows: Vec::new(),
        fields: Vec::new(),
        field: String::new(),
        line: 1,
        start: 1,
    };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if reader.field.is_empty() => reader.quoted(&mut chars)?,
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => reader.end_row()?,
            c if c == separator => reader.end_field()?,
            c => reader.push(c)?,
        }
    }
    if !reader.field.is_empty() || !reader.fields.is_empty() {
        reader.end_row()?;
    }
    Ok(reader.rows)
}

/// The separator that the header uses more often.
fn separator(text: &str) -> char {
    let header = text.lines().next().unwrap_or_default();
    let count = |c| header.matches(c).count();
    if count(';') > count(',') { ';' } else { ',' }
}

struct Reader {
    rows: Vec<Row>,
    fields: Vec<String>,
    field: String,
    line: usize,
    start: usize,
}

impl Reader {
    fn quoted(&mut self, chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<(), Fault> {
        let opened = self.line;
        while let Some(c) = chars.next() {
            match c {
                '"' if chars.peek() == Some(&'"') => {
                    chars.next();
                    self.push('"')?;
                }
                '"' => return Ok(()),
                c => {
                    self.line += usize::from(c == '\n');
                    self.push(c)?;
                }
            }
        }
        Err(Fault::OpenQuote(opened))
    }

    fn push(&mut self, c: char) -> Result<(), Fault> {
        self.field.push(c);
        if self.field.len() > FIELD_BYTES_MAX {
            Err(Fault::TooLarge(self.line))
        } else {
            Ok(())
        }
    }

    fn end_field(&mut self) -> Result<(), Fault> {
        self.fields.push(std::mem::take(&mut self.field));
        if self.fields.len() > FIELDS_MAX {
            Err(Fault::TooLarge(self.line))
        } else {
            Ok(())
        }
    }

    fn end_row(&mut self) -> Result<(), Fault> {
        self.end_field()?;
        let fields = std::mem::take(&mut self.fields);
        if fields.iter().any(|field| !field.trim().is_empty()) {
            self.rows.push(Row {
                line: self.start,
                fields,
            });
        }
        self.line += 1;
        self.start = self.line;
        if self.rows.len() > ROWS_MAX {
            Err(Fault::TooLarge(self.line))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<(usize, Vec<String>)> {
        read(text)
            .unwrap()
            .into_iter()
            .map(|row| (row.line, row.fields))
            .collect()
    }

    #[test]
    fn quoting_follows_rfc_4180() {
        let rows = fields("a,b\r\n\"x, \"\"y\"\"\nz\",2\n\n3,\n");
        assert_eq!(rows[0], (1, vec!["a".into(), "b".into()]));
        assert_eq!(rows[1], (2, vec!["x, \"y\"\nz".into(), "2".into()]));
        assert_eq!(rows[2], (5, vec!["3".into(), String::new()]));
    }

    #[test]
    fn semicolons_of_office_programs() {
        assert_eq!(fields("a;b\n10,77;2")[1].1, ["10,77", "2"]);
    }

    #[test]
    fn bounds_and_open_quotes() {
        assert_eq!(read("a\n\"b\nc"), Err(Fault::OpenQuote(2)));
        assert_eq!(read(&"x".repeat(FIELD_BYTES_MAX + 1)), Err(Fault::TooLarge(1)));
        assert_eq!(read(&",".repeat(FIELDS_MAX + 1)), Err(Fault::TooLarge(1)));
        assert!(read(&"a\n".repeat(ROWS_MAX + 1)).is_err());
        assert_eq!(read(""), Ok(Vec::new()));
    }
}
