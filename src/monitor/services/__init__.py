"""What a person may do: permission, change and history in one transaction. Pages and commands call only this."""
