import { requireAllowedHosts } from "@/lib/egress/allowed-hosts";
import { requireAllowedUrl } from "@/lib/egress/post-webhook";
import { channelDestination, isSameDestination } from "@/lib/installation/keys/destinations";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { configuredEgress } from "@/lib/mail/configured";
import {
  type CreateAlertChannel,
  type Target,
  targetSchema,
  type UpdateAlertChannel,
} from "../schema";
import { openAddress, sealSecret } from "./store";

/** Otherwise a changed server, port or user would receive the stored password. */
export function requirePasswordFor(
  input: UpdateAlertChannel,
  before: { target: unknown; secretSealed: string | null },
): void {
  if (!needsPassword(input) || input.password !== "") return;
  const isSameServer = isSameDestination(
    channelDestination(targetSchema.parse(before.target)),
    channelDestination(targetOf(input)),
  );
  if (before.secretSealed && isSameServer) return;
  throw fieldError(
    "password",
    before.secretSealed
      ? "Another server or user needs its own password: enter it again."
      : "Enter the password.",
  );
}

/** No address was typed. @throws AppError unprocessable on `url` if none is stored for it */
export function keepsAddress(
  { id, kind, url }: UpdateAlertChannel,
  { target: stored, addressSealed }: { target: unknown; addressSealed: string | null },
): boolean {
  if (kind !== "webhook" || url !== "") return false;
  const target = targetSchema.parse(stored);
  try {
    openAddress({ alertChannelId: id, addressSealed }, "origin" in target ? target.origin : "");
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw fieldError("url", "The stored address cannot be used. Enter the address again.");
  }
  return true;
}

export function requireAllowedTarget(input: CreateAlertChannel): void {
  if (input.kind === "webhook" && input.url !== "") requireAllowedUrl(input.url);
  if (input.kind === "smtp" && input.smtp)
    requireAllowedHosts({ smtp: input.smtp }, configuredEgress(), "");
}

export function needsPassword({ kind, user }: CreateAlertChannel): boolean {
  return kind === "smtp" && user !== "";
}

/** @returns sealed, null to erase, undefined to keep */
export function passwordColumn(input: UpdateAlertChannel): string | null | undefined {
  if (input.kind !== "smtp") return undefined;
  if (!needsPassword(input)) return null;
  return input.password === ""
    ? undefined
    : sealSecret({ alertChannelId: input.id, target: targetOf(input) }, input.password);
}

export function targetOf(input: CreateAlertChannel): Target {
  const { kind, recipients, emailAccountId, smtp, from, user, url } = input;
  const origin = url === "" ? "" : new URL(url).origin;
  return targetSchema.parse({ kind, recipients, emailAccountId, smtp, from, user, origin });
}
