/** Why something could not be delivered, in words that may be shown. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
}
