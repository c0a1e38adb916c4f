/// Declares the result of signing in each scheme before Signature Version 4: `Signed`, which has the scheme's own
/// `Unsigned` and its signature, and `StringToSign`, which prints what `Unsigned::write_string_to_sign` writes.
macro_rules! signed_request {
    ($(#[$signed:meta])* struct Signed; $(#[$string_to_sign:meta])* struct StringToSign;) => {
        $(#[$signed])*
        #[derive(Debug, Clone)]
        pub struct Signed<'a> {
            pub(super) unsigned: Unsigned<'a>,
            pub(super) signature: $crate::schemes::legacy::LegacySignature,
        }

        $(#[$string_to_sign])*
        #[derive(Clone, Copy)]
        pub struct StringToSign<'s, 'a>(&'s Unsigned<'a>);

        impl<'a> Signed<'a> {
            /// Returns the signature.
            #[must_use]
            pub fn signature(&self) -> $crate::schemes::legacy::LegacySignature {
                self.signature
            }

            /// Returns the string to sign.
            #[must_use]
            pub fn string_to_sign(&self) -> StringToSign<'_, 'a> {
                StringToSign(&self.unsigned)
            }
        }

        impl StringToSign<'_, '_> {
            /// Writes its bytes.
            pub fn write_to(&self, sink: &mut impl $crate::text::sink::ByteSink) {
                self.0.write_string_to_sign(sink);
            }
        }

        $crate::text::sink::print_what_is_written!(StringToSign);

        impl core::fmt::Debug for Unsigned<'_> {
            /// Without host, headers and parameters, which may hold tokens.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct("Unsigned").field("credentials", &self.credentials).finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use signed_request;
