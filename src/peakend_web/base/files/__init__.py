"""Files that belong to other things: kept on the disk, and photos drawn anew before they are."""
