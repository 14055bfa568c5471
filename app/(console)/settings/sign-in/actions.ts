"use server";

import { actionOf } from "@/lib/http/action";
import {
  createCompanySignIn,
  deleteCompanySignIn,
  setCompanyOnly,
  switchCompanySignIn,
  updateCompanySignIn,
} from "@/lib/people/company/mutations";

const revalidates = "/settings/sign-in";

export const createCompanySignInAction = actionOf(createCompanySignIn, { revalidates });
export const updateCompanySignInAction = actionOf(updateCompanySignIn, { revalidates });
export const switchCompanySignInAction = actionOf(switchCompanySignIn, { revalidates });
export const deleteCompanySignInAction = actionOf(deleteCompanySignIn, { revalidates });
export const setCompanyOnlyAction = actionOf(setCompanyOnly, { revalidates });
