"use server";

import { defineAction } from "@/lib/http/action";
import { changeCredential } from "@/lib/registrations/change-credential";
import {
  changeSecretExpiry,
  discardPendingCertificate,
} from "@/lib/registrations/credentials/mutations";
import {
  changeCredentialSchema,
  changeSecretExpirySchema,
  generateCertificateSchema,
  pendingCertificateSchema,
} from "@/lib/registrations/credentials/schema";
import {
  generateProviderCertificate,
  proveAndUseCertificate,
} from "@/lib/registrations/generate-certificate";
import { createCloudProvider, deleteCloudProvider } from "@/lib/registrations/mutations";
import { preflight } from "@/lib/registrations/preflight/run";
import { proveCredentialInUse } from "@/lib/registrations/prove-credential";
import { restoreClientSecret } from "@/lib/registrations/restore-client-secret";
import { rotateNow } from "@/lib/registrations/rotate-client-secret";
import {
  createCloudProviderSchema,
  deleteCloudProviderSchema,
  providerUseSchema,
  restoreClientSecretSchema,
  rotateClientSecretSchema,
  setAutoRotateSchema,
  updateCloudProviderSchema,
} from "@/lib/registrations/schema";
import { setAutoRotate } from "@/lib/registrations/set-auto-rotate";
import { getProviderUse } from "@/lib/registrations/use/queries";
import { beginAuthorization } from "@/lib/sign-ins/begin";
import { beginAdminConsent } from "@/lib/sign-ins/begin-admin-consent";
import { connectApplication } from "@/lib/sign-ins/connect-application";
import { connectMailboxes } from "@/lib/sign-ins/connect-mailboxes";
import { confirmAuthorization, discardAuthorization } from "@/lib/sign-ins/decide";
import { cancelDeviceCode } from "@/lib/sign-ins/device-code";
import { removeAuthorization } from "@/lib/sign-ins/mutations";
import {
  authorizationIdSchema,
  beginAuthorizationSchema,
  decideAuthorizationSchema,
} from "@/lib/sign-ins/schema";
import { renewNow } from "@/lib/sign-ins/tokens/renew-now";
import { updateCloudProvider } from "@/lib/sign-ins/update-cloud-provider";

const revalidates = "/settings/cloud-providers";

export const createCloudProviderAction = defineAction(
  createCloudProviderSchema,
  createCloudProvider,
  { revalidates },
);

export const updateCloudProviderAction = defineAction(
  updateCloudProviderSchema,
  updateCloudProvider,
  { revalidates },
);

export const changeCredentialAction = defineAction(changeCredentialSchema, changeCredential, {
  revalidates,
});

export const changeSecretExpiryAction = defineAction(changeSecretExpirySchema, changeSecretExpiry, {
  revalidates,
});

export const proveCredentialAction = defineAction(
  providerUseSchema,
  (actor, { cloudProviderId }) => proveCredentialInUse(actor, cloudProviderId),
  { revalidates },
);

export const generateCertificateAction = defineAction(
  generateCertificateSchema,
  generateProviderCertificate,
  { revalidates },
);

export const proveAndUseCertificateAction = defineAction(
  pendingCertificateSchema,
  (actor, { cloudProviderId }) => proveAndUseCertificate(actor, cloudProviderId),
  { revalidates },
);

export const discardPendingCertificateAction = defineAction(
  pendingCertificateSchema,
  (actor, { cloudProviderId }) => discardPendingCertificate(actor, cloudProviderId),
  { revalidates },
);

export const restoreClientSecretAction = defineAction(
  restoreClientSecretSchema,
  restoreClientSecret,
  { revalidates },
);

export const setAutoRotateAction = defineAction(setAutoRotateSchema, setAutoRotate, {
  revalidates,
});

/** @returns the outcome; the provider's state has the reason for a failure */
export const rotateNowAction = defineAction(rotateClientSecretSchema, rotateNow, { revalidates });

/** @returns what harmless requests found out; a wrong value is a normal result */
export const preflightAction = defineAction(
  providerUseSchema,
  (actor, { cloudProviderId }) => preflight(actor, cloudProviderId),
  { revalidates },
);

export const getProviderUseAction = defineAction(providerUseSchema, (actor, { cloudProviderId }) =>
  getProviderUse(actor, cloudProviderId),
);

export const deleteCloudProviderAction = defineAction(
  deleteCloudProviderSchema,
  deleteCloudProvider,
  { revalidates },
);

/** @returns where the browser has to go to consent */
export const beginAdminConsentAction = defineAction(
  providerUseSchema,
  async (actor, { cloudProviderId }) => (await beginAdminConsent(actor, cloudProviderId)).href,
);

/** @returns the application permissions that are missing */
export const connectApplicationAction = defineAction(
  providerUseSchema,
  (actor, { cloudProviderId }) => connectApplication(actor, cloudProviderId),
  { revalidates },
);

/** @returns how many mailboxes work now, and how many do not */
export const connectMailboxesAction = defineAction(
  providerUseSchema,
  (actor, { cloudProviderId }) => connectMailboxes(actor, cloudProviderId),
  { revalidates },
);

/** @returns where the browser has to go to sign in */
export const beginAuthorizationAction = defineAction(
  beginAuthorizationSchema,
  async (actor, input) => (await beginAuthorization(actor, input)).href,
);

/** The outcome is on the page that is rendered again. */
export const confirmAuthorizationAction = defineAction(
  decideAuthorizationSchema,
  async (actor, { authorizationRequestId }) => {
    await confirmAuthorization(actor, authorizationRequestId);
  },
  { revalidates },
);

export const cancelDeviceCodeAction = defineAction(
  decideAuthorizationSchema,
  (actor, { authorizationRequestId }) => cancelDeviceCode(actor, authorizationRequestId),
  { revalidates },
);

export const discardAuthorizationAction = defineAction(
  decideAuthorizationSchema,
  async (actor, { authorizationRequestId }) => {
    await discardAuthorization(actor, authorizationRequestId);
  },
  { revalidates },
);

/** @returns whether the tokens could be renewed; why not is in the state of the sign-in */
export const renewNowAction = defineAction(
  authorizationIdSchema,
  (actor, { authorizationId }) => renewNow(actor, authorizationId),
  { revalidates },
);

export const removeAuthorizationAction = defineAction(
  authorizationIdSchema,
  (actor, { authorizationId }) => removeAuthorization(actor, authorizationId),
  { revalidates },
);
