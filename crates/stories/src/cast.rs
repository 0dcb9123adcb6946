//! Who and what stories are about: a few items, locations and channels, so that steps meet.

/// An enum whose variants are written as words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                let known = Self::ALL.iter().find(|known| known.as_str() == text);
                known.copied().ok_or_else(|| format!("{text:?} is no {}", stringify!($name)))
            }
        }
    };
}
pub(crate) use words;

words! {
    /// The items.
    Sku {
        /// A simple item.
        A = "A",
        /// Another one.
        B = "B",
        /// A kit of two A and one B.
        K = "K",
        /// An item with lots that expire.
        L = "L",
        /// An item that is never made.
        X = "X",
    }
}

words! {
    /// The locations.
    Place {
        /// A warehouse in Germany, preferred.
        W = "W",
        /// A store in Germany.
        S = "S",
        /// A logistics provider in France, which accepts or rejects each fulfilment.
        P = "P",
    }
}

words! {
    /// The channels.
    Shop {
        /// Takes orders and lets them wait.
        Shop = "shop",
        /// Refuses what is not there.
        Till = "till",
        /// Holds orders that cannot be served.
        Desk = "desk",
        /// Takes orders with mistakes.
        Market = "market",
        /// Takes orders with mistakes; what is not there would be refused, and so is held.
        Fair = "fair",
        /// Sources later; whole cases alone.
        Later = "later",
        /// Gives customers half an hour to change their mind; whole cases alone.
        Patient = "patient",
    }
}

words! {
    /// The countries that orders go to.
    Country {
        /// Germany.
        De = "DE",
        /// France.
        Fr = "FR",
        /// The United States.
        Us = "US",
    }
}

words! {
    /// Ways to the customer.
    Way {
        /// By a carrier.
        Ship = "ship",
        /// Collected at a location.
        Pickup = "pickup",
        /// Electronically.
        Digital = "digital",
        /// Somebody does something.
        Service = "service",
    }
}
