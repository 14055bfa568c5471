"use server";

import { lookAtClosedMailbox, setClosedMailbox } from "@/lib/checks/closed/mutations";
import { actionOf, defineAction } from "@/lib/http/action";
import {
  changeCredential,
  generateProviderCertificate,
  proveAndUseCertificate,
  proveCredentialInUse,
  restoreClientSecret,
} from "@/lib/registrations/change-credential";
import {
  changeSecretExpiry,
  discardPendingCertificate,
} from "@/lib/registrations/credentials/mutations";
import { createCloudProvider, deleteCloudProvider } from "@/lib/registrations/mutations";
import { preflight } from "@/lib/registrations/preflight/mutations";
import { getProviderUse } from "@/lib/registrations/queries";
import { rotateNow } from "@/lib/registrations/rotate-client-secret";
import { setAutoRotate } from "@/lib/registrations/rotations/mutations";
import { providerUseSchema } from "@/lib/registrations/schema";
import { beginAdminConsent, beginAuthorization } from "@/lib/sign-ins/begin";
import { cancelDeviceCode } from "@/lib/sign-ins/device-code";
import { connectMailboxes, updateCloudProvider } from "@/lib/sign-ins/mailboxes/mutations";
import { connectApplication, removeAuthorization } from "@/lib/sign-ins/mutations";
import { confirmAuthorization, discardAuthorization } from "@/lib/sign-ins/outcomes/mutations";
import { beginAuthorizationSchema } from "@/lib/sign-ins/schema";
import { renewNow } from "@/lib/sign-ins/tokens/refresh";

const revalidates = "/settings/cloud-providers";

export const createCloudProviderAction = actionOf(createCloudProvider, { revalidates });
export const updateCloudProviderAction = actionOf(updateCloudProvider, { revalidates });
export const changeCredentialAction = actionOf(changeCredential, { revalidates });
export const changeSecretExpiryAction = actionOf(changeSecretExpiry, { revalidates });
export const proveCredentialAction = actionOf(proveCredentialInUse, { revalidates });
export const generateCertificateAction = actionOf(generateProviderCertificate, { revalidates });
export const proveAndUseCertificateAction = actionOf(proveAndUseCertificate, { revalidates });
export const discardPendingCertificateAction = actionOf(discardPendingCertificate, { revalidates });
export const restoreClientSecretAction = actionOf(restoreClientSecret, { revalidates });
export const setAutoRotateAction = actionOf(setAutoRotate, { revalidates });
export const lookAtClosedMailboxAction = actionOf(lookAtClosedMailbox, { revalidates });
export const setClosedMailboxAction = actionOf(setClosedMailbox, { revalidates });
export const rotateNowAction = actionOf(rotateNow, { revalidates });

export const preflightAction = actionOf(preflight, { revalidates });
export const getProviderUseAction = defineAction(providerUseSchema, (actor, { cloudProviderId }) =>
  getProviderUse(actor, cloudProviderId),
);
export const deleteCloudProviderAction = actionOf(deleteCloudProvider, { revalidates });

export const beginAdminConsentAction = defineAction(
  providerUseSchema,
  async (actor, { cloudProviderId }) => (await beginAdminConsent(actor, cloudProviderId)).href,
);
export const connectApplicationAction = actionOf(connectApplication, { revalidates });

export const connectMailboxesAction = actionOf(connectMailboxes, { revalidates });
export const beginAuthorizationAction = defineAction(
  beginAuthorizationSchema,
  async (actor, input) => (await beginAuthorization(actor, input)).href,
);
export const confirmAuthorizationAction = actionOf(confirmAuthorization, { revalidates });
export const cancelDeviceCodeAction = actionOf(cancelDeviceCode, { revalidates });
export const discardAuthorizationAction = actionOf(discardAuthorization, { revalidates });
export const renewNowAction = actionOf(renewNow, { revalidates });
export const removeAuthorizationAction = actionOf(removeAuthorization, { revalidates });
