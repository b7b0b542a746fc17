"""The informant bot: the report form and the receipt, in a chat."""
