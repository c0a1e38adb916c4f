//! awsauth side by side with other signers
