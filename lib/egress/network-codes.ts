/** OpenSSL's and Node's codes; ERR_SSL_ is what the other side said. */
export function isOfCertificate(networkCode: string): boolean {
  if (networkCode.startsWith("ERR_SSL_")) return false;
  return /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|^INVALID_(CA|PURPOSE)$|^HOSTNAME_MISMATCH$/.test(
    networkCode,
  );
}

/** Something answered wrongly: no TLS, no HTTP, too much, or a TLS alert. */
export function isOfAnswer(networkCode: string): boolean {
  return /^(EPROTO$|ERR_SSL_(?!.*ALERT)|HPE_|TOO_LARGE$)/.test(networkCode);
}
