use reqwest::Url;

use crate::error::Error;

/// Returns the URL of an S3 object. `bucket` is the bucket's URL, such as `https://bucket.s3.eu-west-1.amazonaws.com` or
/// `http://localhost:9000/bucket`, and `key` is any key, not percent-encoded.
///
/// ```
/// let bucket = "https://bucket.s3.eu-west-1.amazonaws.com".parse()?;
/// let url = awsauth_reqwest::object_url(&bucket, "Q3/résumé+v=2.txt")?;
/// assert_eq!(url.path(), "/Q3/r%C3%A9sum%C3%A9%2Bv%3D2.txt");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::DotSegment`] if the key has a segment `.` or `..`: `Url` would resolve it and name another object. Use a client
/// that sends paths as they are.
pub fn object_url(bucket: &Url, key: &str) -> Result<Url, Error> {
    if key.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err(Error::DotSegment);
    }
    let mut path = bucket.path().trim_end_matches('/').as_bytes().to_vec();
    path.push(b'/');
    awsauth_http::awsauth_core::encode_path(key.as_bytes(), &mut |run: &[u8]| path.extend_from_slice(run));
    let path = String::from_utf8(path).map_err(|_| awsauth_http::Error::Rewritten)?;
    let mut url = bucket.clone();
    url.set_path(&path);
    if url.path() != path {
        return Err(awsauth_http::Error::Rewritten.into());
    }
    Ok(url)
}
