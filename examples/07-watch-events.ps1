#Requires -Version 7.6 -Modules Net.Module
# Shows what happened and what happens: paths that fail and come back, and changes somebody made past the engine.
# Changes nothing. Role: reader.
[CmdletBinding()]
param(
    # How long to watch; Ctrl+C ends it as well.
    [string]$For = '30s'
)

$ErrorActionPreference = 'Stop'

# What is kept, counted by kind.
Get-NetEvent | Group-Object -Property Area, EventId -NoElement | Sort-Object -Property Count -Descending | Format-Table -Property Count, Name

# Repairs of what somebody else changed in the kernel, today.
Get-NetEvent -EventId '*Drift*' -Since (Get-Date).Date | Format-List -Property Time, Message

# Two streams at once: events in a thread of their own, with a connection of its own, and paths here.
$events = Start-ThreadJob -ScriptBlock {
    Get-NetEvent -Wait -Newest 0 | ForEach-Object { "event $($_.Severity) $($_.EventId): $($_.Message)" }
}

# -StateOnly leaves out changes of measured values alone.
Watch-NetPath -StateOnly -Timeout $For | ForEach-Object {
    "path $($_.Kind) $($_.Path.PathId): $($_.Path.State), $($_.Path.StateReason)"
    Receive-Job -Job $events
}

# A stopped job ends the engine's work for it as well.
Stop-Job -Job $events
Receive-Job -Job $events
Remove-Job -Job $events
