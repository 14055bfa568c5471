import type { AnyOperation } from "../operation";
import * as accessTokens from "./access-tokens";
import * as alertChannels from "./alert-channels";
import * as cloudProviders from "./cloud-providers";
import * as connectionTests from "./connection-tests";
import * as contacts from "./contacts";
import * as deviceSignIns from "./device-sign-ins";
import * as devices from "./devices";
import * as emailAccounts from "./email-accounts";
import * as errors from "./errors";
import * as events from "./events";
import * as files from "./exports";
import * as incidents from "./incidents";
import * as manyEmailAccounts from "./many-email-accounts";
import * as messages from "./messages";
import * as monitoring from "./monitoring";
import * as signInLinks from "./sign-in-links";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Every operation, in the order in which the description shows them. */
export const OPERATIONS: readonly AnyOperation[] = [
  accessTokens,
  messages,
  emailAccounts,
  manyEmailAccounts,
  connectionTests,
  devices,
  deviceSignIns,
  cloudProviders,
  signInLinks,
  contacts,
  events,
  incidents,
  alertChannels,
  monitoring,
  errors,
  files,
].flatMap((module) => Object.values(module).flatMap(operationsIn).sort(byAddress));

function byAddress(one: AnyOperation, other: AnyOperation): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return METHODS.indexOf(one.method) - METHODS.indexOf(other.method);
}

/** An operation, or those of a resource. */
function operationsIn(exported: object): AnyOperation[] {
  if (isOperation(exported)) return [exported];
  return Object.values(exported).filter(isOperation);
}

function isOperation(value: unknown): value is AnyOperation {
  return typeof value === "object" && value !== null && "handle" in value;
}
