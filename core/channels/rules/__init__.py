"""The rules of appraisals and audits, pure."""
