//! The elements of a page, by what they do to its text, and the attributes that change what a reader sees.

/// Elements that begin and end a paragraph of their own.
pub(super) const BLOCKS: [&[u8]; 43] = [
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"body",
    b"caption",
    b"center",
    b"dd",
    b"details",
    b"dialog",
    b"dir",
    b"div",
    b"dl",
    b"dt",
    b"fieldset",
    b"figcaption",
    b"figure",
    b"footer",
    b"form",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"header",
    b"hgroup",
    b"hr",
    b"legend",
    b"li",
    b"main",
    b"menu",
    b"ol",
    b"p",
    b"pre",
    b"search",
    b"section",
    b"summary",
    b"table",
    b"tbody",
    b"tfoot",
    b"title",
    b"ul",
];
/// Elements whose content is no running text: programs, pictures, controls, navigation.
pub(super) const SKIPPED: [&[u8]; 17] = [
    b"audio",
    b"button",
    b"canvas",
    b"datalist",
    b"iframe",
    b"map",
    b"nav",
    b"noframes",
    b"noscript",
    b"object",
    b"script",
    b"select",
    b"style",
    b"svg",
    b"template",
    b"textarea",
    b"video",
];
/// Elements that hold nothing.
pub(super) const VOID: [&[u8]; 8] = [b"br", b"col", b"hr", b"img", b"input", b"link", b"meta", b"wbr"];
/// Elements whose end tag may be left out, so that the end of what holds them ends them.
pub(super) const OPEN_ENDED: [&[u8]; 8] = [b"dd", b"dt", b"li", b"option", b"p", b"td", b"th", b"tr"];
/// What holds them.
pub(super) const ENDS_OF_CONTAINERS: [&[u8]; 10] =
    [b"article", b"body", b"div", b"dl", b"main", b"ol", b"section", b"table", b"tbody", b"ul"];
/// Most columns that a cell is taken to span.
const COLUMNS_MAX: usize = 20;
/// Where the text proper begins at the latest: a skipped element that was never closed ends there.
pub(super) const BEGINNINGS: [&[u8]; 3] = [b"article", b"body", b"main"];
/// A start tag while its attributes are read.
#[derive(Debug, Default)]
pub(super) struct Tag {
    pub(super) name: Vec<u8>,
    pub(super) attribute: Attribute,
    /// Whether it says that its element is not shown.
    pub(super) is_hidden: bool,
    /// How many columns a cell takes.
    pub(super) columns: usize,
}

/// An attribute that changes what a reader sees.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attribute {
    #[default]
    Other,
    Style,
    Columns,
}

impl Tag {
    /// Reads the value of the attribute that began last.
    pub(super) fn read(&mut self, value: &[u8]) {
        match self.attribute {
            Attribute::Style => {
                let style: Vec<u8> = value.iter().filter(|byte| !byte.is_ascii_whitespace()).map(u8::to_ascii_lowercase).collect();
                self.is_hidden |=
                    [&b"display:none"[..], b"visibility:hidden"].iter().any(|none| style.windows(none.len()).any(|part| part == *none));
            }
            Attribute::Columns => {
                self.columns = std::str::from_utf8(value)
                    .ok()
                    .and_then(|columns| columns.trim().parse().ok())
                    .unwrap_or(1_usize)
                    .clamp(1, COLUMNS_MAX);
            }
            Attribute::Other => {}
        }
    }
}

/// Whether an element is a paragraph of its own.
pub(super) fn is_block(name: &[u8]) -> bool {
    BLOCKS.binary_search(&name).is_ok()
}
