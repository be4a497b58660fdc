//! The cases, and how a vendor runs them: one test for each.
//!
//! Those that need no socket are answered from a script in paused time; the others by a server of
//! bytes on loopback. Whatever a case does, nothing that is logged meanwhile, at any level, shows a
//! secret.

pub mod answers;
pub mod bodies;
pub mod certificates;
pub mod continuations;
pub mod dead_continuations;
pub mod dropping;
pub mod faults;
pub mod ids;
pub mod links;
pub mod members;
pub mod origins;
pub mod pages;
pub mod records;
pub mod resuming;
pub mod secrets;
pub mod tokens;
pub mod totals;

use tokio::runtime::Builder;

use crate::logs::{Logs, logged};
use crate::pagers::assert_no_secret;
use crate::secrets::mark_nothing_more;

/// Runs a case in paused time.
pub fn paused(case: impl Future<Output = ()>) {
    run(Builder::new_current_thread().start_paused(true), case);
}

/// Runs a case over sockets.
pub fn wired(case: impl Future<Output = ()>) {
    run(&mut Builder::new_current_thread(), case);
}

fn run(builder: &mut Builder, case: impl Future<Output = ()>) {
    mark_nothing_more();
    let _logs = Logs::start();
    builder.enable_all().build().expect("a runtime").block_on(case);
    assert_no_secret(&logged());
}

/// Writes a test for each case, for a [`Vendor`](crate::vendor::Vendor). What not every vendor has
/// is `yes` or `no("why")`: then its cases are there, and ignored with this reason.
///
/// - `totals`: pages say how many records there are in all.
/// - `continuations`: pages say how to go on ([`Continued`](crate::vendor::Continued)).
/// - `links`: they do so by an address ([`Linked`](crate::vendor::Linked)).
/// - `ids`: an id of the caller's stands in a path.
/// - `tokens`: tokens are got for a secret ([`App`](crate::vendor::App)).
/// - `certificates`: they are got for a certificate, too ([`Certified`](crate::vendor::Certified)):
///   then the cases of `tokens` are there a second time, in `by_certificate`.
#[macro_export]
macro_rules! contract {
    (
        vendor: $vendor:ty,
        totals: $totals:ident $(($no_totals:literal))?,
        continuations: $continuations:ident $(($no_continuations:literal))?,
        links: $links:ident $(($no_links:literal))?,
        ids: $ids:ident $(($no_ids:literal))?,
        tokens: $tokens:ident $(($no_tokens:literal))?,
        certificates: $certificates:ident $(($no_certificates:literal))? $(,)?
    ) => {
        $crate::tokens! { $vendor, $tokens $(($no_tokens))? }
        $crate::certificates! { $vendor, $certificates $(($no_certificates))? }
        $crate::cases! { $vendor, yes, paused, pages:
            p1_an_empty_page_before_the_end_is_not_the_end
            p1_a_short_page_before_the_end_is_not_the_end
            p1_a_full_last_page_is_handed_out
            p1_a_page_that_comes_again_and_again_is_an_error_behind_its_records
            p1_pages_that_lead_in_a_circle_are_an_error_behind_their_records
            p1_empty_pages_without_end_are_given_up_and_no_complete_result
            p9_a_call_that_is_dropped_again_and_again_loses_nothing
        }
        $crate::cases! { $vendor, $continuations $(($no_continuations))?, paused, continuations:
            p1_a_continuation_that_contradicts_itself_is_not_followed
            p1_a_continuation_of_another_kind_is_neither_followed_nor_the_end
            p1_a_continuation_of_nothing_is_the_end
            p7_a_continuation_that_is_too_long_is_not_followed
        }
        $crate::cases! { $vendor, $continuations $(($no_continuations))?, paused, dead_continuations:
            p3_a_checkpoint_whose_continuation_died_is_no_dead_end
            p3_a_continuation_that_dies_on_the_way_is_no_end
            p3_continuations_that_always_die_are_an_error_that_is_resumed
        }
        $crate::cases! { $vendor, $continuations $(($no_continuations))?, wired, continuations:
            p4_a_continuation_to_another_server_never_sees_the_token
        }
        $crate::cases! { $vendor, $totals $(($no_totals))?, paused, totals:
            p1_a_total_that_is_too_low_ends_nothing_and_is_told
            p1_a_total_that_is_too_high_is_looked_for_and_told
            p1_a_total_beyond_all_numbers_is_told
        }
        $crate::cases! { $vendor, yes, paused, records:
            p2_a_null_among_a_thousand_records_costs_no_other
            p2_a_text_among_a_thousand_records_costs_no_other
            p2_a_list_among_a_thousand_records_costs_no_other
            p2_a_number_among_a_thousand_records_costs_no_other
            p2_numbers_that_no_type_holds_are_kept_as_they_came
            p2_ten_thousand_levels_in_a_record_are_kept
            p2_equal_members_make_no_record_unreadable
            p2_texts_of_any_characters_are_kept
            p2_bytes_that_are_not_utf_8_cost_no_record
            p2_a_byte_order_mark_is_passed_over
        }
        $crate::cases! { $vendor, yes, paused, members:
            p2_whatever_stands_in_a_member_the_record_is_typed_or_handed_back_whole
            p2_of_equal_members_the_last_is_read_and_all_are_kept
            p2_a_member_of_another_kind_among_a_thousand_records_costs_no_other
        }
        $crate::cases! { $vendor, yes, paused, resuming:
            p3_a_checkpoint_of_an_earlier_build_is_resumed
            p3_a_walk_cut_behind_any_record_is_resumed_without_loss
            p3_a_walk_that_is_cut_behind_every_record_loses_nothing
            p3_a_finished_walk_is_resumed_to_nothing
            p3_a_damaged_checkpoint_is_refused
            p3_a_checkpoint_of_another_walk_is_refused_with_the_difference
        }
        $crate::cases! { $vendor, yes, wired, faults:
            p8_a_refused_connection_is_told
            p3_a_reset_before_the_headers_loses_nothing
            p3_an_end_before_the_headers_loses_nothing
            p3_a_break_in_the_headers_loses_nothing
            p3_a_reset_in_the_body_loses_nothing
            p3_a_body_shorter_than_its_length_loses_nothing
            p3_a_body_without_its_last_chunk_loses_nothing
            p3_a_chunk_that_is_cut_loses_nothing
            p3_an_answer_that_is_not_http_loses_nothing
            p3_silence_loses_nothing
            p3_silence_in_the_body_loses_nothing
            p3_a_body_that_drips_loses_nothing
            p7_a_body_without_end_is_cut_at_the_cap
        }
        #[cfg(feature = "gzip")]
        $crate::cases! { $vendor, yes, wired, faults:
            p7_a_body_that_grows_in_decompression_is_cut_at_the_cap
            p3_a_compressed_body_that_is_cut_or_damaged_loses_nothing
        }
        $crate::cases! { $vendor, yes, wired, origins:
            p4_a_redirect_to_another_origin_never_sees_the_token
            p4_a_redirect_within_the_origin_is_not_followed
        }
        $crate::cases! { $vendor, yes, paused, origins:
            p4_a_base_url_that_would_show_the_token_is_refused
            p4_nothing_that_can_be_printed_shows_the_token
        }
        $crate::cases! { $vendor, $links $(($no_links))?, paused, links:
            p1_a_next_link_is_followed_as_it_came
            p4_a_next_link_to_another_host_is_refused
            p4_a_next_link_to_a_host_that_looks_alike_is_refused
            p4_a_next_link_to_another_port_is_refused
            p4_a_next_link_by_another_scheme_is_refused
            p4_a_next_link_with_user_info_is_refused
            p4_a_next_link_to_another_path_is_refused
            p4_a_next_link_that_parsers_mend_is_refused
            p4_a_relative_next_link_stays_within_the_origin
            p4_a_next_link_to_the_documented_host_means_the_gateway
        }
        $crate::cases! { $vendor, $ids $(($no_ids))?, paused, ids:
            p5_an_empty_id_is_refused
            p5_an_id_that_climbs_is_refused
            p5_an_id_with_a_control_character_is_refused
            p5_an_id_of_ten_kilobytes_is_refused
            p5_an_id_with_slashes_is_one_segment
            p5_an_id_that_is_encoded_stays_what_it_says
            p5_an_id_cannot_begin_a_query_or_a_fragment
            p5_an_id_of_any_characters_is_encoded
        }
        $crate::cases! { $vendor, yes, wired, ids:
            p5_a_request_is_on_the_wire_what_was_meant
        }
        $crate::cases! { $vendor, yes, paused, dropping:
            p9_a_walk_that_is_dropped_at_any_time_leaves_nothing_behind
        }
        $crate::cases! { $vendor, yes, wired, dropping:
            p9_walks_that_are_dropped_leave_no_connection
        }
        $crate::cases! { $vendor, yes, paused, answers:
            p8_a_401_is_asked_once_and_told
            p8_a_403_is_asked_once_and_told
            p8_a_404_is_asked_once_and_told
            p6_a_500_is_tried_again_and_nothing_is_lost
            p6_a_502_is_tried_again_and_nothing_is_lost
            p6_a_503_is_tried_again_and_nothing_is_lost
            p6_a_504_is_tried_again_and_nothing_is_lost
            p6_a_refused_connection_is_tried_again_and_nothing_is_lost
            p6_silence_ends_by_the_time_out_and_nothing_is_lost
            p6_an_outage_of_nine_minutes_is_waited_out
            p6_waits_that_are_asked_for_end_no_walk
            p6_a_429_is_waited_out_by_whole_seconds
            p6_a_429_is_waited_out_by_decimal_seconds
            p6_a_429_is_waited_out_by_a_date
            p6_a_429_with_a_negative_wait_is_no_reason_to_storm
            p6_a_429_without_a_wait_is_no_reason_to_storm
            p6_a_429_with_an_absurd_wait_is_an_error_with_the_time
        }
        $crate::cases! { $vendor, yes, paused, secrets:
            p4_a_token_that_an_error_answer_holds_is_not_shown
            p4_a_token_that_records_hold_is_handed_out_in_them_and_shown_nowhere
            p4_a_transport_that_panics_shows_no_secret_and_holds_nothing_up
        }
        $crate::cases! { $vendor, yes, wired, secrets:
            p4_what_is_logged_of_requests_shows_no_secret
        }
        $crate::cases! { $vendor, $continuations $(($no_continuations))?, paused, secrets:
            p4_a_continuation_that_holds_the_token_is_neither_followed_nor_kept
        }
        $crate::cases! { $vendor, $links $(($no_links))?, paused, secrets:
            p4_a_link_that_holds_the_token_is_neither_followed_nor_kept
        }
        $crate::cases! { $vendor, yes, paused, bodies:
            p8_html_in_place_of_json_is_told
            p8_an_empty_body_is_told
            p1_a_204_is_no_empty_page
            p8_a_page_in_utf_16_is_told
            p8_a_page_that_is_cut_off_is_told
            p8_a_page_with_more_behind_it_is_told
            p8_a_body_of_ten_thousand_levels_is_told
            p8_a_body_of_other_bytes_is_told
            p1_an_answer_without_its_list_is_never_the_end
            p1_an_error_in_a_page_is_neither_a_page_nor_the_end
            p1_a_page_that_says_of_no_error_is_a_page
        }
    };
}

/// The cases that need an application's login.
#[doc(hidden)]
#[macro_export]
macro_rules! tokens {
    ($vendor:ty, $tokens:ident $(($no_tokens:literal))?) => {
        $crate::cases! { $vendor, $tokens $(($no_tokens))?, paused, tokens:
            p4_the_secret_goes_to_the_login_and_the_token_to_the_service
            p6_a_401_is_answered_by_one_new_token_and_nothing_is_lost
            p6_a_401_for_ever_is_an_error_after_one_new_token
            p6_a_walk_outlives_its_tokens
            p6_a_hundred_tasks_wait_for_one_token
            p6_a_hundred_refused_tasks_wait_for_one_other_token
            p6_a_login_that_fails_for_a_while_loses_nothing
            p8_a_login_that_fails_for_good_is_told_and_nothing_is_lost
        }
        $crate::cases! { $vendor, $tokens $(($no_tokens))?, paused, dropping:
            p9_a_walk_that_is_dropped_while_it_logs_in_leaves_nothing_behind
        }
        $crate::cases! { $vendor, $tokens $(($no_tokens))?, wired, tokens:
            p4_a_redirect_of_the_token_endpoint_never_sees_the_secret
        }
        $crate::cases! { $vendor, $tokens $(($no_tokens))?, paused, secrets:
            p4_a_secret_that_the_login_sends_back_is_not_shown
            p4_a_secret_that_the_service_sends_back_is_not_shown
            p4_a_login_that_panics_shows_no_secret_and_holds_nothing_up
        }
    };
}

/// The same cases by a certificate, and those that only it has.
#[doc(hidden)]
#[macro_export]
macro_rules! certificates {
    ($vendor:ty, yes) => {
        #[cfg(feature = "certificate")]
        mod by_certificate {
            use super::*;

            $crate::tokens! { $crate::vendor::ByCertificate<$vendor>, yes }
            $crate::cases! { $vendor, yes, paused, certificates:
                p4_a_key_that_is_refused_is_not_shown
            }
            $crate::cases! { $vendor, yes, wired, certificates:
                p4_a_signature_goes_to_the_login_once_and_the_key_nowhere
            }
        }
    };
    ($vendor:ty, no($why:literal)) => {
        mod by_certificate {
            $crate::tokens! { $vendor, no($why) }
        }
    };
}

/// Writes a test for each of these cases, or says why there is none.
#[doc(hidden)]
#[macro_export]
macro_rules! cases {
    ($vendor:ty, yes, $runs:ident, $file:ident: $($case:ident)+) => {
        $(
            #[test]
            fn $case() {
                $crate::suite::$runs($crate::suite::$file::$case::<$vendor>());
            }
        )+
    };
    ($vendor:ty, no($why:literal), $runs:ident, $file:ident: $($case:ident)+) => {
        $(
            #[test]
            #[ignore = $why]
            fn $case() {}
        )+
    };
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    #[test]
    fn every_case_is_run() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/suite");
        let run = fs::read_to_string(folder.join("mod.rs")).expect("this file");
        let run: Vec<_> = run.lines().map(str::trim).collect();
        let mut cases = 0;
        for file in fs::read_dir(folder).expect("the folder") {
            let text = fs::read_to_string(file.expect("a file").path()).expect("its text");
            for line in text.lines() {
                let Some(name) = line.strip_prefix("pub async fn ") else { continue };
                let name = name.split('<').next().expect("a name");
                assert!(run.contains(&name), "{name} is run by nobody");
                cases += 1;
            }
        }
        assert!(cases > 90, "{cases}");
    }
}
