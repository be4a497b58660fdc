//! Countries: English names to ISO 3166-1 alpha-2 codes.

/// The code of a country, if the text is its code or one of its English names: `US`, `de`,
/// `United States`, `Côte d'Ivoire`, `Korea, Republic of`. Case, accents, punctuation and a
/// leading "the" make no difference. A name that several countries go by (`Congo`, `Virgin
/// Islands`) is none's, and neither is a code that ISO does not assign (`XK`, `EU`).
///
/// ```
/// use signin_core::event::country::code;
///
/// assert_eq!(code("Germany"), Some("DE"));
/// assert_eq!(code("de"), Some("DE"));
/// assert_eq!(code("Atlantis"), None);
/// ```
pub fn code(country: &str) -> Option<&'static str> {
    // Longer than any name: nothing to look for.
    if country.len() > 100 {
        return None;
    }
    let name = fold(country);
    let is = |(code, names): &&(&str, &str)| {
        code.eq_ignore_ascii_case(&name) || names.split('|').any(|other| other == name)
    };
    COUNTRIES.iter().find(is).map(|(code, _)| *code)
}

/// Small letters without accents, words with one space between them.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        let plain = match c {
            'à'..='å' | 'ā' => 'a',
            'ç' => 'c',
            'è'..='ë' => 'e',
            'ì'..='ï' => 'i',
            'ñ' => 'n',
            'ò'..='ö' => 'o',
            'ù'..='ü' => 'u',
            '\'' | '’' | '\u{300}'..='\u{36f}' => continue,
            '&' => {
                folded.push_str(" and ");
                continue;
            }
            c if c.is_ascii_alphanumeric() => c,
            _ => ' ',
        };
        folded.push(plain);
    }
    let words = folded.split_whitespace().map(|word| if word == "saint" { "st" } else { word });
    let words: Vec<_> = words.collect();
    match words.as_slice() {
        ["the", rest @ ..] => rest.join(" "),
        all => all.join(" "),
    }
}

/// The codes that ISO 3166-1 assigns, each with its English names, folded.
#[rustfmt::skip]
const COUNTRIES: &[(&str, &str)] = &[
    ("AD", "andorra"),
    ("AE", "united arab emirates"),
    ("AF", "afghanistan"),
    ("AG", "antigua and barbuda"),
    ("AI", "anguilla"),
    ("AL", "albania"),
    ("AM", "armenia"),
    ("AO", "angola"),
    ("AQ", "antarctica"),
    ("AR", "argentina"),
    ("AS", "american samoa"),
    ("AT", "austria"),
    ("AU", "australia"),
    ("AW", "aruba"),
    ("AX", "aland islands|aland"),
    ("AZ", "azerbaijan"),
    ("BA", "bosnia and herzegovina"),
    ("BB", "barbados"),
    ("BD", "bangladesh"),
    ("BE", "belgium"),
    ("BF", "burkina faso"),
    ("BG", "bulgaria"),
    ("BH", "bahrain"),
    ("BI", "burundi"),
    ("BJ", "benin"),
    ("BL", "st barthelemy"),
    ("BM", "bermuda"),
    ("BN", "brunei|brunei darussalam"),
    ("BO", "bolivia|bolivia plurinational state of"),
    ("BQ", "bonaire sint eustatius and saba|caribbean netherlands"),
    ("BR", "brazil"),
    ("BS", "bahamas"),
    ("BT", "bhutan"),
    ("BV", "bouvet island"),
    ("BW", "botswana"),
    ("BY", "belarus"),
    ("BZ", "belize"),
    ("CA", "canada"),
    ("CC", "cocos keeling islands|cocos islands"),
    ("CD", "dr congo|democratic republic of the congo|congo the democratic republic of the|congo drc|congo kinshasa|congo democratic republic of the"),
    ("CF", "central african republic"),
    ("CG", "republic of the congo|congo republic|congo brazzaville"),
    ("CH", "switzerland"),
    ("CI", "cote divoire|ivory coast"),
    ("CK", "cook islands"),
    ("CL", "chile"),
    ("CM", "cameroon"),
    ("CN", "china|peoples republic of china"),
    ("CO", "colombia"),
    ("CR", "costa rica"),
    ("CU", "cuba"),
    ("CV", "cabo verde|cape verde"),
    ("CW", "curacao"),
    ("CX", "christmas island"),
    ("CY", "cyprus"),
    ("CZ", "czechia|czech republic"),
    ("DE", "germany"),
    ("DJ", "djibouti"),
    ("DK", "denmark"),
    ("DM", "dominica"),
    ("DO", "dominican republic"),
    ("DZ", "algeria"),
    ("EC", "ecuador"),
    ("EE", "estonia"),
    ("EG", "egypt"),
    ("EH", "western sahara"),
    ("ER", "eritrea"),
    ("ES", "spain"),
    ("ET", "ethiopia"),
    ("FI", "finland"),
    ("FJ", "fiji"),
    ("FK", "falkland islands|falkland islands malvinas"),
    ("FM", "micronesia|micronesia federated states of|federated states of micronesia"),
    ("FO", "faroe islands"),
    ("FR", "france"),
    ("GA", "gabon"),
    ("GB", "united kingdom|great britain|united kingdom of great britain and northern ireland|uk"),
    ("GD", "grenada"),
    ("GE", "georgia"),
    ("GF", "french guiana"),
    ("GG", "guernsey"),
    ("GH", "ghana"),
    ("GI", "gibraltar"),
    ("GL", "greenland"),
    ("GM", "gambia"),
    ("GN", "guinea"),
    ("GP", "guadeloupe"),
    ("GQ", "equatorial guinea"),
    ("GR", "greece"),
    ("GS", "south georgia and the south sandwich islands|south georgia and south sandwich islands"),
    ("GT", "guatemala"),
    ("GU", "guam"),
    ("GW", "guinea bissau"),
    ("GY", "guyana"),
    ("HK", "hong kong|hong kong sar|hong kong sar china"),
    ("HM", "heard island and mcdonald islands|heard and mcdonald islands"),
    ("HN", "honduras"),
    ("HR", "croatia"),
    ("HT", "haiti"),
    ("HU", "hungary"),
    ("ID", "indonesia"),
    ("IE", "ireland|republic of ireland"),
    ("IL", "israel"),
    ("IM", "isle of man"),
    ("IN", "india"),
    ("IO", "british indian ocean territory"),
    ("IQ", "iraq"),
    ("IR", "iran|iran islamic republic of|islamic republic of iran"),
    ("IS", "iceland"),
    ("IT", "italy"),
    ("JE", "jersey"),
    ("JM", "jamaica"),
    ("JO", "jordan"),
    ("JP", "japan"),
    ("KE", "kenya"),
    ("KG", "kyrgyzstan"),
    ("KH", "cambodia"),
    ("KI", "kiribati"),
    ("KM", "comoros"),
    ("KN", "st kitts and nevis"),
    ("KP", "north korea|korea democratic peoples republic of|democratic peoples republic of korea"),
    ("KR", "south korea|korea republic of|republic of korea"),
    ("KW", "kuwait"),
    ("KY", "cayman islands"),
    ("KZ", "kazakhstan"),
    ("LA", "laos|lao peoples democratic republic"),
    ("LB", "lebanon"),
    ("LC", "st lucia"),
    ("LI", "liechtenstein"),
    ("LK", "sri lanka"),
    ("LR", "liberia"),
    ("LS", "lesotho"),
    ("LT", "lithuania"),
    ("LU", "luxembourg"),
    ("LV", "latvia"),
    ("LY", "libya|libyan arab jamahiriya"),
    ("MA", "morocco"),
    ("MC", "monaco"),
    ("MD", "moldova|moldova republic of|republic of moldova"),
    ("ME", "montenegro"),
    ("MF", "st martin|st martin french part"),
    ("MG", "madagascar"),
    ("MH", "marshall islands"),
    ("MK", "north macedonia|macedonia|republic of north macedonia"),
    ("ML", "mali"),
    ("MM", "myanmar|burma|myanmar burma"),
    ("MN", "mongolia"),
    ("MO", "macao|macau|macao sar|macau sar china|macao sar china"),
    ("MP", "northern mariana islands"),
    ("MQ", "martinique"),
    ("MR", "mauritania"),
    ("MS", "montserrat"),
    ("MT", "malta"),
    ("MU", "mauritius"),
    ("MV", "maldives"),
    ("MW", "malawi"),
    ("MX", "mexico"),
    ("MY", "malaysia"),
    ("MZ", "mozambique"),
    ("NA", "namibia"),
    ("NC", "new caledonia"),
    ("NE", "niger"),
    ("NF", "norfolk island"),
    ("NG", "nigeria"),
    ("NI", "nicaragua"),
    ("NL", "netherlands|kingdom of the netherlands|netherlands kingdom of the"),
    ("NO", "norway"),
    ("NP", "nepal"),
    ("NR", "nauru"),
    ("NU", "niue"),
    ("NZ", "new zealand"),
    ("OM", "oman"),
    ("PA", "panama"),
    ("PE", "peru"),
    ("PF", "french polynesia"),
    ("PG", "papua new guinea"),
    ("PH", "philippines"),
    ("PK", "pakistan"),
    ("PL", "poland"),
    ("PM", "st pierre and miquelon"),
    ("PN", "pitcairn|pitcairn islands"),
    ("PR", "puerto rico"),
    ("PS", "palestine|palestinian territory|state of palestine|palestine state of|palestinian territories|palestinian authority|palestinian territory occupied"),
    ("PT", "portugal"),
    ("PW", "palau"),
    ("PY", "paraguay"),
    ("QA", "qatar"),
    ("RE", "reunion"),
    ("RO", "romania"),
    ("RS", "serbia"),
    ("RU", "russia|russian federation"),
    ("RW", "rwanda"),
    ("SA", "saudi arabia"),
    ("SB", "solomon islands"),
    ("SC", "seychelles"),
    ("SD", "sudan"),
    ("SE", "sweden"),
    ("SG", "singapore"),
    ("SH", "st helena|st helena ascension and tristan da cunha"),
    ("SI", "slovenia"),
    ("SJ", "svalbard and jan mayen"),
    ("SK", "slovakia"),
    ("SL", "sierra leone"),
    ("SM", "san marino"),
    ("SN", "senegal"),
    ("SO", "somalia"),
    ("SR", "suriname"),
    ("SS", "south sudan"),
    ("ST", "sao tome and principe"),
    ("SV", "el salvador"),
    ("SX", "sint maarten|sint maarten dutch part"),
    ("SY", "syria|syrian arab republic"),
    ("SZ", "eswatini|swaziland"),
    ("TC", "turks and caicos islands"),
    ("TD", "chad"),
    ("TF", "french southern territories|french southern and antarctic lands"),
    ("TG", "togo"),
    ("TH", "thailand"),
    ("TJ", "tajikistan"),
    ("TK", "tokelau"),
    ("TL", "timor leste|east timor"),
    ("TM", "turkmenistan"),
    ("TN", "tunisia"),
    ("TO", "tonga"),
    ("TR", "turkiye|turkey"),
    ("TT", "trinidad and tobago"),
    ("TV", "tuvalu"),
    ("TW", "taiwan|taiwan province of china"),
    ("TZ", "tanzania|tanzania united republic of|united republic of tanzania"),
    ("UA", "ukraine"),
    ("UG", "uganda"),
    ("UM", "united states minor outlying islands|u s minor outlying islands|u s outlying islands"),
    ("US", "united states|united states of america|usa"),
    ("UY", "uruguay"),
    ("UZ", "uzbekistan"),
    ("VA", "vatican city|holy see|holy see vatican city state|vatican city state"),
    ("VC", "st vincent and the grenadines"),
    ("VE", "venezuela|venezuela bolivarian republic of|bolivarian republic of venezuela"),
    ("VG", "british virgin islands|virgin islands british"),
    ("VI", "u s virgin islands|virgin islands u s|united states virgin islands|us virgin islands"),
    ("VN", "vietnam|viet nam"),
    ("VU", "vanuatu"),
    ("WF", "wallis and futuna"),
    ("WS", "samoa"),
    ("YE", "yemen"),
    ("YT", "mayotte"),
    ("ZA", "south africa"),
    ("ZM", "zambia"),
    ("ZW", "zimbabwe"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_in_every_seen_form_are_found() {
        for (text, expected) in [
            ("US", "US"),
            ("us", "US"),
            ("United States", "US"),
            (" The Netherlands ", "NL"),
            ("Côte d'Ivoire", "CI"),
            ("Cote d’Ivoire", "CI"),
            ("Cote d\u{2019}Ivoire", "CI"),
            ("São Tomé & Príncipe", "ST"),
            ("Korea, Republic of", "KR"),
            ("Türkiye", "TR"),
            ("Turkey", "TR"),
            ("Saint Lucia", "LC"),
            ("St. Lucia", "LC"),
            ("Åland Islands", "AX"),
            ("UNITED KINGDOM", "GB"),
            ("UK", "GB"),
            ("Bosnia and Herzegovina", "BA"),
            ("Guinea-Bissau", "GW"),
        ] {
            assert_eq!(code(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_country_or_several_is_none() {
        for text in [
            "",
            "-",
            "XX",
            "XK",
            "EU",
            "ZZ",
            "Congo",
            "Korea",
            "Virgin Islands",
            "Unknown",
            "1",
            "U S",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
        assert_eq!(code(&"x".repeat(1_000_000)), None);
    }

    #[test]
    fn every_name_is_folded_and_of_one_country_only() {
        assert_eq!(COUNTRIES.len(), 249, "as many as ISO 3166-1 assigns");
        let mut seen = std::collections::HashSet::new();
        for (code, names) in COUNTRIES {
            assert!(code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()), "{code}");
            assert!(seen.insert(*code), "{code} twice");
            for name in names.split('|') {
                assert_eq!(fold(name), name, "{code}");
                assert!(seen.insert(name), "{name} twice");
            }
        }
    }
}
