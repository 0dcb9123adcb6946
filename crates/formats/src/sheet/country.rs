//! Country names and codes to ISO 3166-1 alpha-2.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fault::nearest;

/// Codes and names of the standard; see the head of the file.
const TABLE: &str = include_str!("countries.tsv");

/// Names that people write and the standard does not have.
const ALSO_CALLED: &[(&str, &str)] = &[
    ("bolivia", "BO"),
    ("bosnia", "BA"),
    ("brunei", "BN"),
    ("burma", "MM"),
    ("cape verde", "CV"),
    ("congo", "CG"),
    ("czech rep.", "CZ"),
    ("democratic republic of the congo", "CD"),
    ("east timor", "TL"),
    ("england", "GB"),
    ("great britain", "GB"),
    ("holland", "NL"),
    ("hong kong sar", "HK"),
    ("iran", "IR"),
    ("ivory coast", "CI"),
    ("korea", "KR"),
    ("laos", "LA"),
    ("macau", "MO"),
    ("macedonia", "MK"),
    ("micronesia", "FM"),
    ("moldova", "MD"),
    ("north korea", "KP"),
    ("northern ireland", "GB"),
    ("palestine", "PS"),
    ("republic of ireland", "IE"),
    ("russia", "RU"),
    ("scotland", "GB"),
    ("slovak republic", "SK"),
    ("swaziland", "SZ"),
    ("syria", "SY"),
    ("taiwan", "TW"),
    ("tanzania", "TZ"),
    ("the netherlands", "NL"),
    ("turkey", "TR"),
    ("u.k.", "GB"),
    ("u.s.", "US"),
    ("u.s.a.", "US"),
    ("uae", "AE"),
    ("uk", "GB"),
    ("vatican", "VA"),
    ("venezuela", "VE"),
    ("wales", "GB"),
];

/// Lower-case names and codes to alpha-2 codes.
static CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut codes: HashMap<String, &'static str> = ALSO_CALLED
        .iter()
        .map(|(name, code)| ((*name).to_owned(), *code))
        .collect();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut names = line.split('\t');
        let Some(alpha_2) = names.next() else {
            continue;
        };
        codes.insert(folded(alpha_2), alpha_2);
        codes.extend(names.map(|name| (folded(name), alpha_2)));
    }
    codes
});

/// What a country cell means: the standard's names, and the mapping's own before them.
#[derive(Debug, Default)]
pub(crate) struct Countries {
    own: HashMap<String, Option<&'static str>>,
}

impl Countries {
    /// Takes the mapping's `[country_names]`; `none` means that the name is no country.
    ///
    /// # Errors
    /// The name whose code is neither ISO 3166-1 alpha-2 nor `none`.
    pub(crate) fn new<'a>(
        own: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, String> {
        let mut countries = Self::default();
        for (name, code) in own {
            let code = match code {
                "none" => None,
                code => Some(alpha_2(code).ok_or_else(|| name.to_owned())?),
            };
            countries.own.insert(folded(name), code);
        }
        Ok(countries)
    }

    /// The code for a name; `None` where the mapping says that it is no country.
    ///
    /// # Errors
    /// What is wrong and what to write into the mapping.
    pub(crate) fn code(&self, name: &str) -> Result<Option<&'static str>, String> {
        let key = folded(name);
        if let Some(own) = self.own.get(&key) {
            return Ok(*own);
        }
        CODES
            .get(&key)
            .map(|code| Some(*code))
            .ok_or_else(|| unknown(name))
    }
}

/// The code itself, if it is one.
pub(crate) fn alpha_2(code: &str) -> Option<&'static str> {
    CODES
        .get(&folded(code))
        .copied()
        .filter(|known| *known == code)
}

fn unknown(name: &str) -> String {
    let similar = nearest(
        name,
        CODES.keys().filter(|key| key.len() > 3).map(String::as_str),
    );
    let hint = similar.map_or(String::new(), |similar| {
        format!(" (similar to \"{similar}\")")
    });
    format!(
        "\"{name}\" is no country that is known{hint}: add \"{name}\" = \"XX\" with its ISO code, or \"none\", under [country_names]"
    )
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_understood() {
        let countries = Countries::new([
            ("EIRE", "IE"),
            ("Channel Islands", "GG"),
            ("Unspecified", "none"),
        ])
        .unwrap();
        for (name, code) in [
            ("United Kingdom", Some("GB")),
            ("united states", Some("US")),
            ("USA", Some("US")),
            ("DE", Some("DE")),
            ("DEU", Some("DE")),
            ("Czech Republic", Some("CZ")),
            ("South Korea", Some("KR")),
            ("Côte d'Ivoire", Some("CI")),
            ("EIRE", Some("IE")),
            (" channel islands ", Some("GG")),
            ("Unspecified", None),
        ] {
            assert_eq!(countries.code(name), Ok(code), "{name}");
        }
    }

    #[test]
    fn unknown_names_say_what_to_write() {
        let countries = Countries::default();
        assert_eq!(
            countries.code("Untied Kingdom"),
            Err("\"Untied Kingdom\" is no country that is known (similar to \"united kingdom\"): \
                 add \"Untied Kingdom\" = \"XX\" with its ISO code, or \"none\", under [country_names]"
                .to_owned())
        );
    }

    #[test]
    fn own_names_need_real_codes() {
        assert_eq!(
            Countries::new([("RSA", "ZA"), ("Atlantis", "QQ")]).unwrap_err(),
            "Atlantis"
        );
        assert_eq!(
            Countries::new([("Britain", "United Kingdom")]).unwrap_err(),
            "Britain"
        );
    }

    #[test]
    fn the_table_holds_every_country_once() {
        let codes: Vec<&str> = TABLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.get(..2))
            .collect();
        let mut sorted = codes.clone();
        sorted.dedup();
        assert_eq!((codes.len(), sorted.len()), (249, 249));
        assert!(ALSO_CALLED.iter().all(|(_, code)| codes.contains(code)));
    }
}
