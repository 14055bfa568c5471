export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
}
