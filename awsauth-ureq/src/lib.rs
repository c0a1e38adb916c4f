//! Sign ureq requests for AWS
