export class CertificateProblem extends Error {
  override readonly name = "CertificateProblem";
  readonly field: "file" | "password";

  constructor(field: "file" | "password", message: string) {
    super(message);
    this.field = field;
  }
}
