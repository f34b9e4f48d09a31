#Requires -Version 7.6 -Modules Net.Module
# Shows the ways out of this host, whether they work, and why one of them is in use.
# Changes nothing. Role: reader.
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'

# Which engine answers, and who it takes us for.
Connect-NetEngine | Format-List

# A star marks the path packets take now; there is one for IPv4 and one for IPv6.
Get-NetPath | Format-Table

# Every state and every choice has its reason.
Get-NetPath | Format-List -Property PathId, State, StateReason, IsSelected, SelectionReason

# Is everything that is desired in force?
Get-NetEngine | Select-Object -ExpandProperty Subsystems | Format-Table
