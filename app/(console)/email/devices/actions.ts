"use server";

import {
  createDevice,
  pauseDevice,
  revokeDevice,
  rotateDevice,
  updateDevice,
} from "@/lib/devices/mutations";
import { actionOf } from "@/lib/http/action";

const revalidates = "/email/devices";

export const createDeviceAction = actionOf(createDevice, { revalidates });
export const updateDeviceAction = actionOf(updateDevice, { revalidates });
export const rotateDeviceAction = actionOf(rotateDevice, { revalidates });
export const pauseDeviceAction = actionOf(pauseDevice, { revalidates });
export const revokeDeviceAction = actionOf(revokeDevice, { revalidates });
