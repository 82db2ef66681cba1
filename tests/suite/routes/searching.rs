//! Searching for words in many scripts: how texts are cut and folded is the service's own doing, and so the same on every
//! engine. `tests/postgres/searching.rs` asks both engines the same and compares what they find.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::json;

use super::filters::address;
use crate::support::{TestApp, new_claim};

/// Claims: what each is called here, in which of its fields the text stands, and the text.
const CLAIMS: [(&str, &str, &str); 52] = [
    ("german", "quote", "Die Große Straße in Köln: Überflüssige Zählung"),
    ("german-capital", "quote", "STRAẞENBAHN"),
    ("turkish", "quote", "İstanbul'da üç yüz kişi"),
    ("turkish-dotless", "quote", "Diyarbakır ve Iğdır"),
    ("greek", "quote", "Στην Αθήνα, ο μεγάλος δρόμος"),
    ("greek-final", "speaker", "Ὀδυσσεύς"),
    ("greek-capitals", "quote", "ΟΔΟΣ ΕΡΜΟΥ"),
    ("cyrillic", "quote", "Чёрный лайнер, новый рейс"),
    ("ukrainian", "speaker", "Служба безпеки України, Київ"),
    ("vietnamese", "quote", "Việt Nam, Đà Nẵng"),
    ("polish", "quote", "Łódź i Kraków"),
    ("french", "quote", "une œuvre à Besançon, l’été"),
    ("arabic", "quote", "قتل مئة شخص في المدينة"),
    ("arabic-harakat", "quote", "مُحَمَّدٌ رَسُولٌ"),
    ("arabic-tatweel", "quote", "ســـلام"),
    ("hebrew", "quote", "שלום עולם"),
    ("hebrew-niqqud", "note", "בְּרֵאשִׁית"),
    ("hindi", "quote", "हिन्दी में संख्या"),
    ("hindi-nukta", "quote", "क़लम \u{915}\u{93c}िताब"),
    ("thai", "quote", "ภาษาไทย กรุงเทพ"),
    ("chinese", "quote", "出口 管制, 俄罗斯"),
    ("japanese", "quote", "ガス パイプライン"),
    ("japanese-decomposed", "quote", "か\u{3099}くせい"),
    ("japanese-half-width", "quote", "ﾛｼｱ ｶﾞｿﾘﾝ"),
    ("korean", "quote", "한국 국가정보원"),
    ("korean-decomposed", "quote", "\u{1107}\u{116e}\u{11a8}\u{1112}\u{1161}\u{11ab}"),
    ("full-width", "quote", "ＵＳＤ　１２３４"),
    ("ligature", "quote", "the ﬁnance oﬃce"),
    ("roman", "quote", "Chapter Ⅳ"),
    ("superscript", "quote", "10⁶ m² and ½ of it"),
    ("emoji", "quote", "losses 😀🇺🇦 rising"),
    ("initials", "quote", "by the U.S. Army"),
    ("us-apart", "quote", "they told us everything"),
    ("aircraft", "quote", "twelve F-16s and one F-16"),
    ("comma-number", "quote", "some 3,300 drones"),
    ("plain-number", "quote", "some 3300 rockets"),
    ("apostrophe", "quote", "they don't know"),
    ("typographic", "quote", "they don’t tell"),
    ("quoted", "quote", "„quoted“ «guillemets» \"straight\""),
    ("operators", "quote", "AND OR NOT NEAR( * - : ^ + {a} (b)"),
    ("percent", "quote", "100% of one_hundred"),
    ("backslash", "quote", "C:\\temp\\new"),
    ("semicolon", "note", "'; DROP TABLE claim_text; --"),
    ("zalgo", "quote", "z\u{300}\u{301}\u{302}\u{489}a\u{330}l\u{32a}go"),
    ("invisible", "quote", "soft\u{ad}hyphen zero\u{200b}width join\u{200d}er"),
    ("right-to-left", "quote", "\u{202e}reversed\u{202c} order"),
    ("mathematical", "quote", "𝕬𝖓𝖌𝖗𝖎𝖋𝖋 𝟏𝟐𝟑"),
    ("ethiopic", "quote", "አማርኛ ቁጥር"),
    ("georgian", "quote", "საქართველო ᲗᲑᲘᲚᲘᲡᲘ"),
    ("armenian", "quote", "ՀԱՅԱՍՏԱՆ Երևան"),
    ("devanagari-digits", "quote", "१२३ लोग"),
    ("no-words", "quote", "… — !? 😀"),
];
/// Actors: slug, name, alias. Each is named by one claim, which is called as its actor.
const ACTORS: [(&str, &str, &str); 6] = [
    ("named-german", "Größte Gesellschaft", "GG Fußball"),
    ("named-greek", "Ελληνική Δημοκρατία", "Ελλάς"),
    ("named-korean", "조선민주주의인민공화국", "北朝鮮"),
    ("named-arabic", "الجُمْهُورِيَّة", "جمهورية"),
    ("named-initials", "N.A.T.O. Forces", "The \"Alliance\""),
    ("named-polish", "Žádná Společnost", "%_\\"),
];
/// Words of more than these many characters.
const LONG: [(&str, &str, usize); 3] = [("long-latin", "x", 150), ("long-chinese", "漢", 3_000), ("long-marked", "e\u{301}", 1_200)];

/// What is searched for and, where there is no doubt about it, which claims are meant.
const EXPECTED: [(&str, &[&str]); 77] = [
    ("grosse", &["german"]),
    ("GROSSE STRASSE", &["german"]),
    ("große", &["german"]),
    ("GROẞE", &["german"]),
    ("koln", &["german"]),
    ("KÖLN", &["german"]),
    ("Ko\u{308}ln", &["german"]),
    ("überflussige zahlung", &["german"]),
    ("strassenbahn", &["german-capital"]),
    ("straßenbahn", &["german-capital"]),
    ("istanbul", &["turkish"]),
    ("İSTANBUL", &["turkish"]),
    ("uc yuz kisi", &["turkish"]),
    ("diyarbakır", &["turkish-dotless"]),
    ("αθηνα", &["greek"]),
    ("ΑΘΗΝΑ", &["greek"]),
    ("Αθήνα", &["greek"]),
    ("δρομοσ", &["greek"]),
    ("ΔΡΌΜΟΣ", &["greek"]),
    ("οδυσσευς", &["greek-final"]),
    ("οδός", &["greek-capitals"]),
    ("черный", &["cyrillic"]),
    ("ЧЁРНЫЙ", &["cyrillic"]),
    ("лаи\u{306}нер", &["cyrillic"]),
    ("київ", &["ukrainian"]),
    ("Украіни", &["ukrainian"]),
    ("viet nam", &["vietnamese"]),
    ("VIỆT", &["vietnamese"]),
    ("łódź", &["polish"]),
    ("krakow", &["polish"]),
    ("ŒUVRE", &["french"]),
    ("besancon", &["french"]),
    ("l'ete", &["french"]),
    ("مئة", &["arabic"]),
    ("محمد", &["arabic-harakat"]),
    ("שָׁלוֹם", &["hebrew"]),
    ("בראשית", &["hebrew-niqqud"]),
    ("हिन्दी", &["hindi"]),
    ("\u{915}\u{93c}लम", &["hindi-nukta"]),
    ("\u{958}िताब", &["hindi-nukta"]),
    ("กรุงเทพ", &["thai"]),
    ("出口", &["chinese"]),
    ("出口　俄罗斯", &["chinese"]),
    ("ｶﾞｽ", &["japanese"]),
    ("カ\u{3099}ス", &["japanese"]),
    ("がくせい", &["japanese-decomposed"]),
    ("ロシア", &["japanese-half-width"]),
    ("ガソリン", &["japanese-half-width"]),
    ("한국", &["korean"]),
    ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}", &["korean"]),
    ("북한", &["korean-decomposed"]),
    ("usd 1234", &["full-width"]),
    ("finance OFFICE", &["ligature"]),
    ("ﬁnance", &["ligature"]),
    ("iv", &["roman"]),
    ("ⅳ", &["roman"]),
    ("m2", &["superscript"]),
    ("10⁶", &["superscript"]),
    ("rising", &["emoji"]),
    ("U.S.", &["initials"]),
    ("u.s", &["initials"]),
    ("us", &["us-apart"]),
    ("S.U.", &[]),
    ("army-the", &[]),
    ("F-16", &["aircraft"]),
    ("3,300", &["comma-number"]),
    ("3300", &["plain-number"]),
    ("don't", &["apostrophe", "typographic"]),
    ("DON’T", &["apostrophe", "typographic"]),
    ("\"guillemets\"", &["quoted"]),
    ("one_hundred", &["percent"]),
    ("\\temp\\", &["backslash"]),
    ("angriff 123", &["mathematical"]),
    ("grosste fussball", &["named-german"]),
    ("ελλασ", &["named-greek"]),
    ("جمهورية", &["named-arabic"]),
    ("N.A.T.O.", &["named-initials"]),
];
/// What is searched for where one may disagree about what is meant, but not the engines with each other.
const COMPARED: [&str; 49] = [
    "",
    " ",
    "diyarbakir",
    "DIYARBAKIR",
    "IĞDIR",
    "da nang",
    "lodz",
    "oeuvre",
    "سلام",
    "ســـلام",
    "ภาษา",
    "管",
    "出口管制",
    "국가",
    "😀",
    "🇺🇦",
    "½",
    "1",
    "16",
    "F",
    "f 16",
    "dont",
    "don t",
    "t don",
    "AND",
    "NOT",
    "NEAR(",
    "a AND b",
    "\"",
    "\"\"",
    "'",
    "*",
    "os*",
    "-",
    "straight -quoted",
    ":",
    "words:drones",
    "^",
    "^some",
    "%",
    "100%",
    "_",
    "\\",
    "a\0b",
    "DROP TABLE",
    "zalgo",
    "softhyphen zerowidth joiner",
    "\u{3099}",
    "१२३",
];

/// Every search.
pub fn searches() -> Vec<String> {
    let long =
        LONG.iter().flat_map(|(_, sign, _)| [99, 100, 101, 150, 900].map(|length| sign.repeat(length.min(900 / sign.chars().count()))));
    EXPECTED.iter().map(|(words, _)| *words).chain(COMPARED).map(ToString::to_string).chain(long).collect()
}

/// Stores all claims; gives what each is called, by its id.
pub async fn with_claims(app: &TestApp) -> BTreeMap<String, &'static str> {
    let key = app.key(Scope::Write).await;
    let mut claims: Vec<_> = CLAIMS.iter().map(|(called, field, text)| (*called, *field, (*text).to_string())).collect();
    claims.extend(LONG.iter().map(|(called, sign, length)| (*called, "quote", sign.repeat(*length))));
    for (slug, name, alias) in ACTORS {
        let actor = json!({"slug": slug, "name": name, "kind": "organization", "aliases": [alias]});
        let answer = app.ask(Method::POST, "/v1/actors").key(&key).json(&actor).send().await;
        assert_eq!(answer.status, StatusCode::CREATED, "{slug}: {}", answer.body);
        claims.push((slug, "actor", slug.to_string()));
    }
    let mut called_by_id = BTreeMap::new();
    for (called, field, text) in claims {
        let mut claim = new_claim("UKR", "5", "2023");
        claim[field] = text.into();
        let answer = app.ask(Method::POST, "/v1/claims").key(&key).json(&claim).send().await;
        assert_eq!(answer.status, StatusCode::CREATED, "{called}: {}", answer.body);
        called_by_id.insert(answer.json()["data"]["id"].as_str().unwrap().to_string(), called);
    }
    called_by_id
}

/// The ids of the claims that a search finds, sorted.
pub async fn found(app: &TestApp, words: &str) -> Vec<String> {
    let mut ids = app.ids(&address("/v1/claims", &[("q", words), ("limit", "1000"), ("state", "all")])).await;
    ids.sort();
    ids
}

#[tokio::test]
async fn words_of_every_script_are_found_as_people_type_them() {
    let app = TestApp::seeded().await;
    let called = with_claims(&app).await;
    let mut wrong = Vec::new();
    for (words, expected) in EXPECTED {
        // The seeds' claims do not matter here; some are of actors that are called as a text says.
        let mut names: Vec<&str> = found(&app, words).await.iter().filter_map(|id| called.get(id).copied()).collect();
        let mut expected = expected.to_vec();
        names.sort_unstable();
        expected.sort_unstable();
        if names != expected {
            wrong.push(format!("{words}: found {names:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_word_is_known_by_its_first_hundred_characters_however_long_it_is() {
    let app = TestApp::seeded().await;
    let called = with_claims(&app).await;
    for (name, sign, length) in LONG {
        let per_sign = sign.chars().count();
        for (searched, is_found) in [(length.min(900 / per_sign), true), (100, true), (99, false)] {
            let ids = found(&app, &sign.repeat(searched)).await;
            let names: Vec<&str> = ids.iter().map(|id| called[id]).collect();
            assert_eq!(names, if is_found { vec![name] } else { Vec::new() }, "{searched} times {sign}");
        }
    }
}

#[tokio::test]
async fn a_search_counts_what_it_finds() {
    let app = TestApp::seeded().await;
    with_claims(&app).await;
    for words in searches() {
        let answer = app.get(&address("/v1/claims", &[("q", &words), ("limit", "1"), ("state", "all"), ("include", "count")])).await;
        assert_eq!(answer.json()["meta"]["count"], found(&app, &words).await.len(), "{words:?}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_search_without_words_finds_nothing_and_one_without_a_text_everything() {
    let app = TestApp::seeded().await;
    with_claims(&app).await;
    for words in ["\"", "*", "%", "_", "\\", "^", "-", "😀", "…"] {
        assert_eq!(found(&app, words).await, [""; 0], "{words}");
    }
    assert!(found(&app, "").await.len() > 60);
}
