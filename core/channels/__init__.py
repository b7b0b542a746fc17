"""What some channels add of their own: the rules of appraisals and of term audits (S54, S58, S90)."""
