-- Which of the two ways in was used although the company signs people in.
ALTER TABLE "CompanyPolicy" ADD COLUMN "usedMethod" TEXT;
