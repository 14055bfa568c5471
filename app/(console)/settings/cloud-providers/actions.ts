"use server";

import { revalidatePath } from "next/cache";
import { defineAction } from "@/lib/http/action";
import { changeCredential } from "@/lib/registrations/change-credential";
import { discardPendingCertificate } from "@/lib/registrations/credentials/mutations";
import {
  changeCredentialSchema,
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
import { getProviderUse } from "@/lib/registrations/queries";
import { restoreClientSecret } from "@/lib/registrations/restore-client-secret";
import { rotateNow } from "@/lib/registrations/rotate-client-secret";
import {
  createCloudProviderSchema,
  deleteCloudProviderSchema,
  providerUseSchema,
  restoreClientSecretSchema,
  rotateClientSecretSchema,
  setAutoRotateSchema,
  updateClientSecretSchema,
  updateCloudProviderSchema,
} from "@/lib/registrations/schema";
import { setAutoRotate } from "@/lib/registrations/set-auto-rotate";
import { updateClientSecret } from "@/lib/registrations/update-client-secret";
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

const LIST = "/settings/cloud-providers";

export const createCloudProviderAction = defineAction(
  createCloudProviderSchema,
  async (actor, input) => {
    const created = await createCloudProvider(actor, input);
    revalidatePath(LIST);
    return created;
  },
);

export const updateCloudProviderAction = defineAction(
  updateCloudProviderSchema,
  async (actor, input) => {
    await updateCloudProvider(actor, input);
    revalidatePath(LIST, "layout");
    return null;
  },
);

export const updateClientSecretAction = defineAction(
  updateClientSecretSchema,
  async (actor, input) => {
    await updateClientSecret(actor, input);
    revalidatePath(LIST, "layout");
    return null;
  },
);

export const changeCredentialAction = defineAction(changeCredentialSchema, async (actor, input) => {
  await changeCredential(actor, input);
  revalidatePath(LIST, "layout");
  return null;
});

export const proveCredentialAction = defineAction(
  providerUseSchema,
  async (actor, { cloudProviderId }) => {
    await proveCredentialInUse(actor, cloudProviderId);
    revalidatePath(LIST, "layout");
    return null;
  },
);

export const generateCertificateAction = defineAction(
  generateCertificateSchema,
  async (actor, input) => {
    await generateProviderCertificate(actor, input);
    revalidatePath(LIST, "layout");
    return null;
  },
);

export const proveAndUseCertificateAction = defineAction(
  pendingCertificateSchema,
  async (actor, { cloudProviderId }) => {
    await proveAndUseCertificate(actor, cloudProviderId);
    revalidatePath(LIST, "layout");
    return null;
  },
);

export const discardPendingCertificateAction = defineAction(
  pendingCertificateSchema,
  async (actor, { cloudProviderId }) => {
    await discardPendingCertificate(actor, cloudProviderId);
    revalidatePath(LIST, "layout");
    return null;
  },
);

export const restoreClientSecretAction = defineAction(
  restoreClientSecretSchema,
  async (actor, input) => {
    await restoreClientSecret(actor, input);
    revalidatePath(LIST, "layout");
    return null;
  },
);

export const setAutoRotateAction = defineAction(setAutoRotateSchema, async (actor, input) => {
  await setAutoRotate(actor, input);
  revalidatePath(LIST, "layout");
  return null;
});

/** @returns what came of it; why it failed is in the state of the provider */
export const rotateNowAction = defineAction(rotateClientSecretSchema, async (actor, input) => {
  const result = await rotateNow(actor, input);
  revalidatePath(LIST, "layout");
  return result;
});

/** @returns what harmless requests found out; a wrong value is a normal result */
export const preflightAction = defineAction(providerUseSchema, (actor, { cloudProviderId }) =>
  preflight(actor, cloudProviderId),
);

export const getProviderUseAction = defineAction(providerUseSchema, (actor, { cloudProviderId }) =>
  getProviderUse(actor, cloudProviderId),
);

export const deleteCloudProviderAction = defineAction(
  deleteCloudProviderSchema,
  async (actor, input) => {
    await deleteCloudProvider(actor, input);
    revalidatePath(LIST, "layout");
    return null;
  },
);

/** @returns where the browser has to go to consent */
export const beginAdminConsentAction = defineAction(
  providerUseSchema,
  async (actor, { cloudProviderId }) => (await beginAdminConsent(actor, cloudProviderId)).href,
);

/** @returns the application permissions that are missing */
export const connectApplicationAction = defineAction(
  providerUseSchema,
  async (actor, { cloudProviderId }) => {
    const connected = await connectApplication(actor, cloudProviderId);
    revalidatePath(LIST, "layout");
    return connected;
  },
);

/** @returns how many mailboxes work now, and how many do not */
export const connectMailboxesAction = defineAction(
  providerUseSchema,
  async (actor, { cloudProviderId }) => {
    const connected = await connectMailboxes(actor, cloudProviderId);
    revalidatePath(LIST, "layout");
    return connected;
  },
);

/** @returns where the browser has to go to sign in */
export const beginAuthorizationAction = defineAction(
  beginAuthorizationSchema,
  async (actor, input) => (await beginAuthorization(actor, input)).href,
);

export const confirmAuthorizationAction = defineAction(
  decideAuthorizationSchema,
  async (actor, { authorizationRequestId }) => {
    await confirmAuthorization(actor, authorizationRequestId);
    revalidatePath(LIST, "layout");
    return null;
  },
);

export const cancelDeviceCodeAction = defineAction(
  decideAuthorizationSchema,
  async (actor, { authorizationRequestId }) => {
    await cancelDeviceCode(actor, authorizationRequestId);
    revalidatePath(LIST, "layout");
    return null;
  },
);

export const discardAuthorizationAction = defineAction(
  decideAuthorizationSchema,
  async (actor, { authorizationRequestId }) => {
    await discardAuthorization(actor, authorizationRequestId);
    revalidatePath(LIST, "layout");
    return null;
  },
);

/** @returns whether the tokens could be renewed; why not is in the state of the sign-in */
export const renewNowAction = defineAction(
  authorizationIdSchema,
  async (actor, { authorizationId }) => {
    const isRenewed = await renewNow(actor, authorizationId);
    revalidatePath(LIST, "layout");
    return isRenewed;
  },
);

export const removeAuthorizationAction = defineAction(
  authorizationIdSchema,
  async (actor, { authorizationId }) => {
    await removeAuthorization(actor, authorizationId);
    revalidatePath(LIST, "layout");
    return null;
  },
);
