//! The customers and their tenants. They are held; their sign-ins are not.

use crate::json;
use crate::seed::Seed;

const COUNTRIES: [&str; 4] = ["Ireland", "Germany", "United States", "Côte d’Ivoire"];

/// A customer of the partner.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Customer {
    /// The `customerId` of paths.
    pub id: String,
    /// Not unique.
    pub organization: String,
    /// The owner's e-mail address.
    pub owner_email: String,
    /// 0 to 6.
    pub job_status: u64,
    /// An English name.
    pub country_or_region: &'static str,
    /// 0 to 2.
    pub management_mode: u64,
    /// None to three.
    pub tenants: Vec<Tenant>,
    /// Whether the app may see the customer.
    pub in_scope: bool,
}

/// A tenant of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tenant {
    /// The `tenantId` of paths.
    pub id: String,
    /// A domain.
    pub name: String,
    /// The tenant's number among all.
    pub(super) number: u64,
}

impl Customer {
    /// The record's JSON, byte for byte as the service sends it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = Vec::new();
        self.write(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        json::put(out, format_args!("{{\"id\":\"{}\",\"organization\":", self.id));
        json::text(out, &self.organization);
        json::put(out, ",\"ownerEmail\":");
        json::text(out, &self.owner_email);
        json::put(out, format_args!(",\"jobStatus\":{},\"countryOrRegion\":", self.job_status));
        json::text(out, self.country_or_region);
        json::put(out, format_args!(",\"managementMode\":{}", self.management_mode));
        json::put(out, ",\"tenants\":[");
        for (place, tenant) in self.tenants.iter().enumerate() {
            json::put(out, if place > 0 { "," } else { "" });
            json::put(out, format_args!("{{\"id\":\"{}\",\"name\":", tenant.id));
            json::text(out, &tenant.name);
            json::put(out, "}");
        }
        json::put(out, "]}");
    }
}

/// All customers, those outside the scope last.
pub(super) fn customers(seed: Seed, count: u64, out_of_scope: u64) -> Vec<Customer> {
    let mut tenants = 0;
    (0..count)
        .map(|number| {
            let seed = seed.branch("customers").at(number);
            let share = if number == 0 { 2 } else { seed.at(0).below(4) };
            let tenant = |number: u64| Tenant {
                id: uuid(seed.branch("tenant").at(number)),
                name: format!("tenant{number}.example.com"),
                number,
            };
            let first = tenants;
            tenants += share;
            Customer {
                id: uuid(seed.branch("id")),
                organization: format!("Customer {number} \"Ltd\""),
                owner_email: format!("owner{number}@example.com"),
                job_status: seed.at(1).below(7),
                country_or_region: seed.at(2).pick(&COUNTRIES),
                management_mode: seed.at(3).below(3),
                tenants: (first..first + share).map(tenant).collect(),
                in_scope: number < count.saturating_sub(out_of_scope),
            }
        })
        .collect()
}

/// A drawn id in the form of a UUID.
pub(super) fn uuid(seed: Seed) -> String {
    let (high, low) = (seed.at(0).bits(), seed.at(1).bits());
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}
