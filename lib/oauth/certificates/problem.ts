/** What is wrong with a file that was to be a certificate with its key, in words for its field. */
export class CertificateProblem extends Error {
  override readonly name = "CertificateProblem";
  readonly field: "file" | "password";

  constructor(field: "file" | "password", message: string) {
    super(message);
    this.field = field;
  }
}
