"""What a shopper may come for, one file each; `bot.course` says which goes on."""
