//! No value bends the filter that it stands in, nor the address (P5).

use msgraph_signins::odata;
use proptest::prelude::*;
use signin_core::testing::{Reply, Scripted};

use crate::tenant::decoded;
use crate::{client, page};

/// Reads the literal at the start of a filter as OData does: gives its value and what follows.
fn literal(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text.strip_prefix('\'')?;
    loop {
        let (before, behind) = rest.split_once('\'')?;
        value.push_str(before);
        match behind.strip_prefix('\'') {
            Some(more) => {
                value.push('\'');
                rest = more;
            }
            None => return Some((value, behind)),
        }
    }
}

proptest! {
    #[test]
    fn p5_a_literal_is_one_literal_whatever_it_holds(value in "\\PC{0,40}|[' &+#%()]{0,12}") {
        let quoted = odata::text(&value).unwrap();
        prop_assert_eq!(literal(&quoted), Some((value, "")));
    }

    #[test]
    fn p5_a_value_stays_in_its_literal_and_the_filter_in_its_option(
        user in "\\PC{1,30}|[' &+#%()=$]{1,12}",
        prefix in "\\PC{1,30}|[' &+#%()=$]{1,12}",
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let script = Scripted::new([Reply::json(page([], None))]);
        let list = client(&script).sign_ins().user_id(user.as_str());
        let list = list.app_display_name_starts_with(&prefix);
        runtime.block_on(list.first_page()).unwrap();
        let url = script.urls().remove(0);
        let (_, query) = url.split_once('?').unwrap();
        let options: Vec<_> = query.split('&').map(|pair| pair.split_once('=').unwrap()).collect();
        prop_assert_eq!(options.len(), 2, "{}", url);
        prop_assert!(query.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%=&".contains(&b)));
        let filter = decoded(options[0].1);
        let (first, rest) = literal(filter.strip_prefix("userId eq ").unwrap()).unwrap();
        prop_assert_eq!(first, user);
        let rest = rest.strip_prefix(" and startsWith(appDisplayName,").unwrap();
        let (second, rest) = literal(rest).unwrap();
        prop_assert_eq!(second, prefix);
        prop_assert_eq!(rest, ")");
    }

    #[test]
    fn p5_control_characters_are_in_no_literal(before in "\\PC{0,5}", bad in "\\p{Cc}", behind in "\\PC{0,5}") {
        let refused = odata::text(&[before, bad, behind].concat()).is_err();
        prop_assert!(refused);
    }
}
