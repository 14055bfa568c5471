/**
 * Whether the certificate of a server was refused here: by OpenSSL's names for why, and Node's own for another host's.
 * What begins with ERR_SSL_ is what the other side said, also of a certificate of ours.
 */
export function isOfCertificate(networkCode: string): boolean {
  if (networkCode.startsWith("ERR_SSL_")) return false;
  return /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|^INVALID_(CA|PURPOSE)$|^HOSTNAME_MISMATCH$/.test(
    networkCode,
  );
}

/** Whether something answered, and not as it should: not in TLS, not in HTTP, or far too much. An alert of TLS is one. */
export function isOfAnswer(networkCode: string): boolean {
  return /^(EPROTO$|ERR_SSL_(?!.*ALERT)|HPE_|TOO_LARGE$)/.test(networkCode);
}
