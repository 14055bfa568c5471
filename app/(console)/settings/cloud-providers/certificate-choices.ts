/** What a certificate that is made here can be like. */
export const CERTIFICATE_BITS = [
  { value: "3072", label: "RSA, 3072 bits" },
  { value: "2048", label: "RSA, 2048 bits" },
];

export const CERTIFICATE_MONTHS = [
  { value: "12", label: "1 year" },
  { value: "24", label: "2 years" },
];
