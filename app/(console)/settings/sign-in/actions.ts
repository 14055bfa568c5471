"use server";

import {
  createCompanySignIn,
  deleteCompanySignIn,
  setCompanyOnly,
  switchCompanySignIn,
  updateCompanySignIn,
} from "@/lib/access/company/mutations";
import {
  companyOnlySchema,
  companySignInIdSchema,
  createCompanySignInSchema,
  switchCompanySignInSchema,
  updateCompanySignInSchema,
} from "@/lib/access/company/schema";
import { defineAction } from "@/lib/http/action";

const revalidates = "/settings/sign-in";

export const createCompanySignInAction = defineAction(
  createCompanySignInSchema,
  createCompanySignIn,
  { revalidates },
);

export const updateCompanySignInAction = defineAction(
  updateCompanySignInSchema,
  updateCompanySignIn,
  { revalidates },
);

export const switchCompanySignInAction = defineAction(
  switchCompanySignInSchema,
  switchCompanySignIn,
  { revalidates },
);

export const deleteCompanySignInAction = defineAction(companySignInIdSchema, deleteCompanySignIn, {
  revalidates,
});

export const setCompanyOnlyAction = defineAction(companyOnlySchema, setCompanyOnly, {
  revalidates,
});
